import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { createFolder } from './createFolder.ts';
import { fileError } from './fileErrors.ts';
import { temporaryPathBeside } from './temporaryPath.ts';

/** Writes a whole file or nothing: into a temporary file beside it first, then renamed. @throws InputError where that is impossible */
export async function writeTextFile(path: string, text: string): Promise<void> {
  const temporaryPath = temporaryPathBeside(path);
  try {
    await createFolder(dirname(path));
    await writeFile(temporaryPath, text);
    await rename(temporaryPath, path);
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => {});
    throw fileError(error, 'cannot write', path);
  }
}

/**
 * Finds out before long work whether its result can be written at the end; leaves nothing behind.
 * @param isReplacing whether an existing file may be overwritten
 * @throws InputError where it cannot
 */
export async function requireWritable(path: string, isReplacing: boolean): Promise<void> {
  const facts = await stat(path).catch(() => null);
  if (facts?.isDirectory()) throw new InputError(`cannot write ${path}: is a folder, not a file`);
  if (facts !== null && !isReplacing) throw new InputError(`cannot write ${path}: it exists; --force replaces it`);
  const temporaryPath = temporaryPathBeside(path);
  try {
    await createFolder(dirname(path));
    await writeFile(temporaryPath, '');
    await rm(temporaryPath);
  } catch (error) {
    throw fileError(error, 'cannot write', path);
  }
}

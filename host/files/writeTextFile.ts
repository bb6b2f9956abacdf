import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { requireFileName } from '../../engine/core/fileName.ts';
import { createFolder } from './createFolder.ts';
import { fileError } from './fileErrors.ts';
import { temporaryPathBeside } from './temporaryPath.ts';

/** Writes a file atomically: to a temporary file beside it, then renamed. @throws InputError if it cannot be written */
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
 * Checks before long work that its result can be written. Leaves no file behind.
 * @param isReplacing whether an existing file may be overwritten
 * @throws InputError if it cannot be written
 */
export async function requireWritable(path: string, isReplacing: boolean): Promise<void> {
  requireFileName(basename(path));
  const facts = await stat(path).catch(() => null);
  if (facts?.isDirectory()) throw new InputError(`cannot write ${path}: it is a folder, not a file`);
  if (facts !== null && !isReplacing)
    throw new InputError(`cannot write ${path}: it already exists; --force replaces it`);
  const temporaryPath = temporaryPathBeside(path);
  try {
    await createFolder(dirname(path));
    await writeFile(temporaryPath, '');
    await rm(temporaryPath);
  } catch (error) {
    throw fileError(error, 'cannot write', path);
  }
}

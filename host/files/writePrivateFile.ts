import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createFolder } from './createFolder.ts';
import { fileError } from './fileErrors.ts';
import { temporaryPathBeside } from './temporaryPath.ts';

/** Writes a file that only its user can read, atomically; an existing file's permissions are not kept. @throws InputError if it cannot be written */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const temporaryPath = temporaryPathBeside(path);
  try {
    await createFolder(dirname(path));
    // The mode applies to new files only.
    await rm(temporaryPath, { force: true });
    await writeFile(temporaryPath, text, { mode: 0o600, flag: 'wx' });
    await rename(temporaryPath, path);
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => {});
    throw fileError(error, 'cannot write', path);
  }
}

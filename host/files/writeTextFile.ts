import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createFolder } from './createFolder.ts';
import { fileError } from './fileErrors.ts';
import { openPartial, publishPartial, type WriteMode } from './partialFile.ts';

/**
 * Writes a file atomically, and creates its folder if it is missing.
 * @param mode `replace` only for files that this program owns, and for those that `requireOutputs` has accepted
 * @param permissions of the file, reduced by the process's mask; those of a replaced file are not kept
 * @throws InputError if it cannot be written
 */
export async function writeTextFile(path: string, text: string, mode: WriteMode, permissions?: number): Promise<void> {
  let partialPath: string | null = null;
  try {
    await createFolder(dirname(path));
    const partial = await openPartial(path, permissions);
    partialPath = partial.path;
    await writeFile(partial.handle, text).finally(() => partial.handle.close());
    await publishPartial(partial.path, path, mode);
  } catch (error) {
    if (partialPath !== null) await rm(partialPath, { force: true }).catch(() => {});
    throw fileError(error, 'cannot write', path);
  }
}

import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { requireFileName } from '../../engine/core/fileName.ts';
import { fileError } from './fileErrors.ts';

/**
 * Creates a folder and its missing parents. Node's recursive mkdir does not terminate on file systems that answer ENOENT although the
 * parent exists, such as /proc.
 * @throws InputError if a file has this name, a new folder's name is not valid on every system, or access is denied
 */
export async function createFolder(path: string): Promise<void> {
  const facts = await stat(path).catch(() => null);
  if (facts?.isDirectory()) return;
  if (facts !== null) throw new InputError(`cannot create the folder ${path}: a file of this name exists`);
  const name = basename(path);
  if (name !== '..') requireFileName(name);
  const parent = dirname(path);
  if (parent !== path) await createFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    // Created by another process in the meantime.
    if ((await stat(path).catch(() => null))?.isDirectory()) return;
    throw fileError(error, 'cannot create the folder', path);
  }
}

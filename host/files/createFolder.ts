import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { fileError } from './fileErrors.ts';

/**
 * Creates a folder and what is missing above it. Node's own recursive mkdir never ends where a file system answers ENOENT although
 * the parent exists, as /proc does.
 * @throws InputError where a file is in the way, or access is denied
 */
export async function createFolder(path: string): Promise<void> {
  const facts = await stat(path).catch(() => null);
  if (facts?.isDirectory()) return;
  if (facts !== null) throw new InputError(`cannot create the folder ${path}: a file of this name exists`);
  const parent = dirname(path);
  if (parent !== path) await createFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    // Another program may have been faster.
    if ((await stat(path).catch(() => null))?.isDirectory()) return;
    throw fileError(error, 'cannot create the folder', path);
  }
}

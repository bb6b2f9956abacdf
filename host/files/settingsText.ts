import { lstat, readFile, rename, stat } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { fileError } from './fileErrors.ts';

/** Larger files are not settings of this program, which stay below one megabyte. */
const MAXIMUM_BYTES = 10_000_000;

/** @returns the text of a settings file; null if there is none @throws InputError if it exists and cannot be read */
export async function readSettingsText(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > MAXIMUM_BYTES)
      throw new InputError(`${path}: must be at most ${MAXIMUM_BYTES} bytes, this file has ${size}`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw fileError(error, 'cannot read', path);
  }
}

/**
 * Renames a file that cannot be used to `<name>.damaged`, or `.damaged-2` and so on if that exists, so that it is not overwritten.
 * @returns the new path; null if the file cannot be renamed
 */
export async function keepAside(path: string): Promise<string | null> {
  const first = `${path}.damaged`;
  let kept = first;
  for (let number = 2; (await lstat(kept).catch(() => null)) !== null; number++) kept = `${first}-${number}`;
  try {
    await rename(path, kept);
    return kept;
  } catch {
    return null;
  }
}

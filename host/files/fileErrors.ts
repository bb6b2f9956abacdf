import { InputError } from '../../engine/core/errors.ts';

/** Error codes of the system that a user can act on, in words. All other codes are internal errors. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'part of the path is not a folder'],
  ['EISDIR', 'is a folder, not a file'],
  ['EACCES', 'access is denied'],
  ['EPERM', 'access is denied'],
  ['EROFS', 'the file system is read-only'],
  ['EEXIST', 'it already exists'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'has too many symbolic links'],
  ['ENXIO', 'cannot be opened'],
  ['ETXTBSY', 'is in use'],
  ['EBUSY', 'is in use'],
]);

/**
 * Translates an error of the file system into one line for the user.
 * @param action that failed, such as `cannot read`
 * @returns an InputError if the code is one of `REASONS`, else the error itself
 */
export function fileError(error: unknown, action: string, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const reason = REASONS.get(String(error.code));
  return reason === undefined ? error : new InputError(`${action} ${path === '' ? '""' : path}: ${reason}`);
}

import { InputError } from '../../engine/core/errors.ts';

/** What the system's error codes mean to a user; codes that are not here are faults of the program. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'lies under something that is not a folder'],
  ['EISDIR', 'is a folder, not a file'],
  ['EACCES', 'access is denied'],
  ['EPERM', 'access is denied'],
  ['EROFS', 'the file system is read-only'],
  ['EEXIST', 'is in the way'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'is a circle of links'],
  ['ENXIO', 'cannot be opened'],
  ['ETXTBSY', 'is in use'],
  ['EBUSY', 'is in use'],
]);

/**
 * Translates an error of the file system into one line for the user.
 * @param action what was tried, such as `cannot read`
 * @returns an InputError where the user can mend it, else the error itself
 */
export function fileError(error: unknown, action: string, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const reason = REASONS.get(String(error.code));
  return reason === undefined ? error : new InputError(`${action} ${path}: ${reason}`);
}

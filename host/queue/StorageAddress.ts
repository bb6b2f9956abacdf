import { InputError } from '../../engine/core/errors.ts';
import { fileNameProblem } from '../../engine/core/fileName.ts';

/** Marks texts that `storageAddress` has checked. */
export interface CheckedAddress {
  readonly checked: 'StorageAddress';
}

/**
 * Place of a file or folder inside a storage, such as `recordings/ann/1.wav`: names separated by slashes, checked by `storageAddress`. It
 * cannot leave the storage, whatever machine wrote it.
 */
export type StorageAddress = string & CheckedAddress;

/** Limit of S3 for a key, in bytes of UTF-8, less what a prefix may take. */
const MAXIMUM_BYTES = 900;
/** Control characters, and what the system interprets in a path. */
const FORBIDDEN = process.platform === 'win32' ? /[\p{Cc}\\:*?"<>|]/u : /[\p{Cc}\\]/u;

/** @returns why `text` is not an address, to follow it in a message; null if it is one */
export function addressProblem(text: string): string | null {
  if (text === '' || Buffer.byteLength(text) > MAXIMUM_BYTES) return `must have 1 to ${MAXIMUM_BYTES} bytes`;
  if (FORBIDDEN.test(text)) return 'must not contain control characters or backslashes';
  for (const name of text.split('/')) {
    if (name === '' || name === '.' || name === '..')
      return 'must be names separated by single slashes, without . and .., relative to the storage';
  }
  return null;
}

/** @returns why `text` cannot be the name of a new file or folder on every system, to follow it in a message; null if it can */
export function newNameProblem(text: string): string | null {
  if (addressProblem(text) !== null || text.startsWith('.') || /[/:*?"<>|]/.test(text))
    return 'must be a name without / : * ? " < > |, and not begin with a dot';
  return fileNameProblem(text);
}

/** @throws InputError if `text` is not an address inside a storage */
export function storageAddress(text: string): StorageAddress {
  const problem = addressProblem(text);
  if (problem !== null) throw new InputError(`the address ${JSON.stringify(text)} ${problem}`);
  return text as StorageAddress;
}

/** @param names valid file names */
export function addressIn(folder: StorageAddress, ...names: readonly string[]): StorageAddress {
  return storageAddress([folder, ...names].join('/'));
}

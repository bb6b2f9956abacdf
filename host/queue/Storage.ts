import type { JobInput } from './Job.ts';
import type { StorageAddress } from './StorageAddress.ts';

/** A file of a result, on this machine's disk until it is published. */
export interface PublishedFile {
  readonly path: string;
  readonly address: StorageAddress;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Where jobs find recordings and leave results: a folder that all machines share, or a bucket of S3. Files appear whole or not at all.
 * Every method throws an InputError that names the address for what a user can correct.
 */
export interface Storage {
  /** Address of the storage for users, without passwords. */
  readonly text: string;
  /** @returns the file itself, or the audio files in a folder, without subfolders, in the numeric order of their names */
  recordings(address: StorageAddress): Promise<StorageAddress[]>;
  /** @returns the input with the fingerprint of its present content */
  input(address: StorageAddress): Promise<JobInput>;
  /**
   * Makes a file readable.
   * @param folder empty folder for a copy, if one is needed
   * @returns path of the file or its copy, which ends as the address does
   * @throws InputError if its content has changed since the fingerprint was taken
   */
  fetch(input: JobInput, folder: string): Promise<string>;
  /** Replaces paths of this machine in a text for users by addresses. */
  withoutPaths(text: string): string;
  /** @returns length in bytes; null if there is no such file */
  size(address: StorageAddress): Promise<number | null>;
  /** @returns null if there is no such file */
  readText(address: StorageAddress, maximumBytes: number): Promise<string | null>;
  /**
   * Writes the files of a result, after a text that lists them.
   * @param receipt written before the first file appears; replaces an earlier one
   * @param isOwned whether an existing file may be replaced; one of equal content counts as written, any other is an error
   */
  publish(
    receipt: { readonly address: StorageAddress; readonly text: string },
    files: readonly PublishedFile[],
    isOwned: (address: StorageAddress) => boolean,
  ): Promise<void>;
  /** Copies a file of this machine into the storage, under a name made of its content, unless it is there. */
  keep(path: string): Promise<StorageAddress>;
  remove(address: StorageAddress): Promise<void>;
}

/** Hidden folder of a storage and of results, for what users need not see. */
export const HIDDEN_FOLDER = '.unmingle';

import { FolderStorage } from './FolderStorage.ts';
import { S3Storage } from './S3Storage.ts';
import type { Storage } from './Storage.ts';

/**
 * Opens a storage.
 * @param text `s3://bucket/prefix`, or a folder; null: the disk of the current folder
 * @throws InputError if there is no such folder or bucket
 */
export async function openStorage(text: string | null): Promise<Storage> {
  if (text === null) return FolderStorage.ofDisk();
  return isBucket(text) ? S3Storage.open(text) : FolderStorage.open(text);
}

export function isBucket(text: string): boolean {
  return /^s3:/i.test(text);
}

import { InputError } from '../../engine/core/errors.ts';
import { nameKey } from '../../engine/core/fileName.ts';
import type { BatchLine, BatchList } from '../queue/BatchList.ts';
import { FolderStorage } from '../queue/FolderStorage.ts';
import type { Storage } from '../queue/Storage.ts';
import { type StorageAddress, storageAddress } from '../queue/StorageAddress.ts';

/** A line of a list, and the name that its result will have. */
export interface NamedLine {
  readonly line: BatchLine;
  readonly name: string;
}

/**
 * @param text path on a storage that is this disk, else an address in the storage; an absolute path inside a shared folder counts, too
 * @throws InputError for what lies outside the storage
 */
export async function addressOf(storage: Storage, text: string): Promise<StorageAddress> {
  const isPath = storage instanceof FolderStorage && (storage.isDisk || /^([a-z]:)?[/\\]/i.test(text));
  if (!isPath) return storageAddress(text.replace(/^(\.\/)+/, '').replace(/\/+$/, ''));
  const address = await storage.addressOf(text);
  if (address === null) throw new InputError(`${text} is not in the storage ${storage.text}`);
  return address;
}

/** @throws InputError that names both lines of equal names, which would have the same files */
export function requireDistinctNames(list: BatchList, lines: readonly NamedLine[]): void {
  const first = new Map<string, number>();
  for (const { line, name } of lines) {
    const key = nameKey(name);
    const earlier = first.get(key);
    if (earlier !== undefined) {
      throw new InputError(`${list.path}, line ${line.number}: the name "${name}" is that of line ${earlier}, too`);
    }
    first.set(key, line.number);
  }
}

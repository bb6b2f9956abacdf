import type { AudioFormat } from './audioFormats.ts';
import type { FileBytes } from './FileBytes.ts';

/** A real file has a few objects on its top level, a fragmented one thousands; a malicious file could have millions. */
const MAXIMUM_OBJECTS = 100_000;

/**
 * Length that a container states for itself, from the sizes of the objects on its top level.
 * @returns bytes, counted from the start of the file; null if the format or the file does not state it
 */
export async function containerExtent(file: FileBytes, format: AudioFormat): Promise<number | null> {
  switch (format) {
    case 'aiff':
      return topLevelEnd(file, 0, (head) => 8 + head.getUint32(4));
    case 'avi':
      return topLevelEnd(file, 0, (head) => 8 + head.getUint32(4, true));
    case 'caf':
      // After a file header of 8 bytes; -1 stands for an unknown size.
      return topLevelEnd(file, 8, (head) => {
        const size = Number(head.getBigInt64(4));
        return size < 0 ? null : 12 + size;
      });
    case 'm4a':
      return topLevelEnd(file, 0, (head) => {
        const size = head.getUint32(0);
        // 0 stands for the rest of the file, 1 for a 64-bit size.
        if (size === 0) return null;
        return size === 1 ? Number(head.getBigUint64(8)) : size;
      });
    case 'wma':
      return topLevelEnd(file, 0, (head) => Number(head.getBigUint64(16, true)));
    default:
      return null;
  }
}

/**
 * Follows the objects of a file from `start` on.
 * @param sizeOf returns the size of an object with its head; null: unknown
 * @returns the end of the first object that reaches up to the end of the file or beyond
 */
async function topLevelEnd(
  file: FileBytes,
  start: number,
  sizeOf: (head: DataView) => number | null,
): Promise<number | null> {
  let offset = start;
  for (let count = 0; count < MAXIMUM_OBJECTS && offset < file.size; count++) {
    const head = await file.read(offset, 24);
    if (head.length < 24) return null;
    const size = sizeOf(new DataView(head.buffer));
    if (size === null || size < 8) return null;
    offset += size;
  }
  return offset;
}

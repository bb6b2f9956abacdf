import type { FileBytes } from './FileBytes.ts';

export interface SoundLength {
  readonly bytes: number;
  /** One line for the user if the header states another length; null if it is right. */
  readonly remark: string | null;
}

export interface StatedSound {
  /** Offset of the first byte of sound. */
  readonly offset: number;
  /** Length as stated in the header. */
  readonly bytes: number;
  readonly bytesPerSecond: number;
  /** @returns whether the bytes from this offset to the end of the file are chunks or padding, not sound */
  readonly isEndOfSound: (offset: number) => Promise<boolean>;
}

/**
 * From here on, a length that the file does not have stands for "unknown". Programs that write into a pipe, or were killed, leave
 * 0x7ffff000 (sox), 0x7fffff00, 0x7fffffdb, 0x80000000 (arecord), 0xffffffda or 0xffffffff (ffmpeg) behind.
 */
const UNKNOWN_FROM_BYTES = 0x7fff_0000;

/**
 * Length of the sound that a file really holds. A header may state too much (unknown length, a copy that broke off) or too little (a
 * recorder that was killed between two updates of the header, a length over 4 GB in 32 bits).
 */
export async function soundLength(file: FileBytes, stated: StatedSound): Promise<SoundLength> {
  // A running recording may have grown since the file was opened, together with its header.
  if (stated.bytes > file.size - stated.offset) await file.measure();
  const heldBytes = Math.max(0, file.size - stated.offset);
  const seconds = (bytes: number) => `${(bytes / Math.max(1, stated.bytesPerSecond)).toFixed(3)} s`;
  const remark = (text: string) => `${file.name}: ${text}`;
  if (stated.bytes === heldBytes) return { bytes: heldBytes, remark: null };
  if (stated.bytes > heldBytes && stated.bytes >= UNKNOWN_FROM_BYTES) {
    const text = `its header does not state the length of the sound; all ${seconds(heldBytes)} in the file were read`;
    return { bytes: heldBytes, remark: remark(text) };
  }
  if (stated.bytes > heldBytes) {
    const text = `is shorter than its header states: ${seconds(stated.bytes)} of sound were announced, ${seconds(heldBytes)} are there and were read`;
    return { bytes: heldBytes, remark: remark(text) };
  }
  if (await stated.isEndOfSound(stated.offset + stated.bytes)) return { bytes: stated.bytes, remark: null };
  const text =
    stated.bytes === 0
      ? `its header does not state the length of the sound; all ${seconds(heldBytes)} in the file were read`
      : `is longer than its header states: after ${seconds(stated.bytes)} more sound follows; all ${seconds(heldBytes)} were read`;
  return { bytes: heldBytes, remark: remark(text) };
}

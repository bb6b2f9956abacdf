import type { Samples } from './units.ts';

/** Where a FLAC file has `flacSampleCount`: in its first block, STREAMINFO (RFC 9639, section 8.2). */
export const FLAC_SAMPLE_COUNT_OFFSET = 21;

/**
 * The number of samples of a FLAC file, which an encoder that writes a stream leaves at 0, so that players show no duration.
 * @returns five bytes, the first of which also holds four bits of the sample size
 */
export function flacSampleCount(bitsPerSample: number, samples: Samples): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(5));
  view.setUint8(0, (((bitsPerSample - 1) & 0xf) << 4) | Math.floor(samples / 2 ** 32));
  view.setUint32(1, samples % 2 ** 32);
  return new Uint8Array(view.buffer);
}

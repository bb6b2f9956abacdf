import type { Hertz } from '../../../engine/core/units.ts';

/** Rates that recordings are decoded at. A file of any other rate, or of a format whose rate is not read here, gets the highest. */
const DECODED_RATES: readonly Hertz[] = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
const HIGHEST_RATE: Hertz = 48_000;

/**
 * The rate that a file should be decoded at: its own, so that nothing is resampled, as far as the first bytes state it.
 * @param head the first bytes of the file, 64 or more if it has them
 */
export function decodedRate(head: Uint8Array): Hertz {
  const stated = wavRate(head) ?? flacRate(head);
  return DECODED_RATES.find((rate) => rate === stated) ?? HIGHEST_RATE;
}

function wavRate(head: Uint8Array): Hertz | null {
  if (textAt(head, 0) !== 'RIFF' || textAt(head, 8) !== 'WAVE') return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let chunk = 12; chunk + 16 <= head.length; chunk += 8 + view.getUint32(chunk + 4, true))
    if (textAt(head, chunk) === 'fmt ') return view.getUint32(chunk + 12, true);
  return null;
}

/** Byte 18 begins the 20 bits of the rate in the stream's facts, which are the first block. */
function flacRate(head: Uint8Array): Hertz | null {
  if (textAt(head, 0) !== 'fLaC' || head.length < 21) return null;
  return (head[18]! << 12) | (head[19]! << 4) | (head[20]! >> 4);
}

function textAt(bytes: Uint8Array, start: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + 4));
}

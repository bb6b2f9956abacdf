import { COLUMN_BYTES, OVERVIEW_BANDS } from './OverviewColumns.ts';

/** The overview has coarser and coarser levels, down to one of at most this many columns. */
export const COARSEST_COLUMNS = 256;

/** @param columns [columns x COLUMN_BYTES] @returns half as many, the extremes of two each; the last one may be of one */
export function mergedColumns(columns: Uint8Array): Uint8Array {
  const pairs = Math.ceil(columns.length / COLUMN_BYTES / 2);
  const output = new Uint8Array(pairs * COLUMN_BYTES);
  for (let pair = 0; pair < pairs; pair++) {
    const one = 2 * pair * COLUMN_BYTES;
    const other = Math.min(one + COLUMN_BYTES, columns.length - COLUMN_BYTES);
    const into = pair * COLUMN_BYTES;
    output[into] = Math.min(signed(columns[one]!), signed(columns[other]!)) & 0xff;
    for (let byte = 1; byte < COLUMN_BYTES; byte++) {
      const [first, second] = [columns[one + byte]!, columns[other + byte]!];
      output[into + byte] = byte === 1 ? Math.max(signed(first), signed(second)) & 0xff : Math.max(first, second);
    }
  }
  return output;
}

/**
 * @param bytes [columns x COLUMN_BYTES], an incomplete last column is left out
 * @returns [columns x 2] lowest and highest samples, then [columns x OVERVIEW_BANDS] levels
 */
export function splitColumns(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const count = Math.floor(bytes.length / COLUMN_BYTES);
  const part = new Uint8Array(count * COLUMN_BYTES);
  for (let column = 0; column < count; column++) {
    const start = column * COLUMN_BYTES;
    part.set(bytes.subarray(start, start + 2), 2 * column);
    part.set(bytes.subarray(start + 2, start + COLUMN_BYTES), 2 * count + OVERVIEW_BANDS * column);
  }
  return part;
}

function signed(byte: number): number {
  return byte > 127 ? byte - 256 : byte;
}

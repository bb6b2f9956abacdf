import { decodeBase64, encodeBase64 } from '../core/base64.ts';
import type { JsonReader } from '../core/JsonReader.ts';
import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import { type MaskNetwork, networkSizes } from './MaskNetwork.ts';

/** Weights are kept in so many steps either way of one scale a layer. */
const LARGEST_STEP = 32_767;
const LARGEST_WEIGHT = 1000;
const BANDWIDTH_HERTZ = { minimum: 500, maximum: 96_000 } as const;

/** Plain data for JSON: 16 bits a weight, little-endian, as base64. */
export function serializeMaskNetwork({ bandwidthHertz, speakers, persistence, first, second }: MaskNetwork) {
  return { bandwidthHertz, speakers, persistence, first: packed(first), second: packed(second) };
}

/** Reads a network as hostile input. @throws InputError with the path of the first field that is wrong */
export function parseMaskNetwork(reader: JsonReader): MaskNetwork {
  const bandwidthHertz = reader.number('bandwidthHertz', BANDWIDTH_HERTZ.minimum, BANDWIDTH_HERTZ.maximum);
  const speakers = reader.integer('speakers', 2, MAXIMUM_SPEAKERS);
  const sizes = networkSizes(bandwidthHertz, speakers);
  return {
    ...{ bandwidthHertz, speakers, persistence: reader.has('persistence') ? reader.number('persistence', 0, 1) : 0 },
    first: unpacked(reader.object('first'), sizes.first),
    second: unpacked(reader.object('second'), sizes.second),
  };
}

function packed(weights: Float32Array): { readonly scale: number; readonly weights: string } {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-6);
  const scale = Math.min(LARGEST_WEIGHT, largest) / LARGEST_STEP;
  const view = new DataView(new ArrayBuffer(2 * weights.length));
  weights.forEach((weight, index) => {
    view.setInt16(2 * index, Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, Math.round(weight / scale))), true);
  });
  return { scale, weights: encodeBase64(new Uint8Array(view.buffer)) };
}

function unpacked(reader: JsonReader, count: number): Float32Array {
  const scale = reader.number('scale', 0, LARGEST_WEIGHT / LARGEST_STEP);
  const text = reader.text('weights', 4 * count);
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64(text);
  } catch {
    return reader.fail('weights', 'base64');
  }
  if (bytes.length !== 2 * count) {
    reader.fail('weights', `base64 of ${2 * count} bytes (this one holds ${bytes.length})`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: count }, (_, index) => scale * view.getInt16(2 * index, true));
}

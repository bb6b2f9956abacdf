import { encodeBase64 } from '../core/base64.ts';
import type { JsonReader } from '../core/JsonReader.ts';
import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import { bytesToInt16, int16ToBytes } from '../core/littleEndian.ts';
import { readBase64 } from '../core/readBase64.ts';
import { type MaskNetwork, networkSizes } from './MaskNetwork.ts';

/** Weights are stored as integer multiples, from minus to plus this number, of one scale per layer. */
const LARGEST_STEP = 32_767;
const LARGEST_WEIGHT = 1000;
const BANDWIDTH_HERTZ = { minimum: 500, maximum: 96_000 } as const;

/** @returns plain data for JSON; weights as base64 of 16-bit little-endian integers */
export function serializeMaskNetwork({ bandwidthHertz, speakers, temporalPrior, first, second }: MaskNetwork) {
  return { bandwidthHertz, speakers, persistence: temporalPrior, first: packed(first), second: packed(second) };
}

/** Parses a mask network from an untrusted file. @throws InputError with the path of the first invalid field */
export function parseMaskNetwork(reader: JsonReader): MaskNetwork {
  const bandwidthHertz = reader.number('bandwidthHertz', BANDWIDTH_HERTZ.minimum, BANDWIDTH_HERTZ.maximum);
  const speakers = reader.integer('speakers', 2, MAXIMUM_SPEAKERS);
  const temporalPrior = reader.has('persistence') ? reader.number('persistence', 0, 1) : 0;
  const sizes = networkSizes(bandwidthHertz, speakers);
  return {
    bandwidthHertz,
    speakers,
    temporalPrior,
    first: unpacked(reader.object('first'), sizes.first),
    second: unpacked(reader.object('second'), sizes.second),
  };
}

function packed(weights: Float32Array): { readonly scale: number; readonly weights: string } {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-6);
  const scale = Math.min(LARGEST_WEIGHT, largest) / LARGEST_STEP;
  const steps = Int16Array.from(weights, (weight) =>
    Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, Math.round(weight / scale))),
  );
  return { scale, weights: encodeBase64(int16ToBytes(steps)) };
}

function unpacked(reader: JsonReader, count: number): Float32Array {
  const scale = reader.number('scale', 0, LARGEST_WEIGHT / LARGEST_STEP);
  const steps = bytesToInt16(readBase64(reader, 'weights', 2 * count, 4 * count));
  return Float32Array.from(steps, (step) => scale * step);
}

import { encodeBase64 } from '../core/base64.ts';
import type { JsonReader } from '../core/JsonReader.ts';
import { readBase64 } from '../core/readBase64.ts';

/** Direction in which the embedding network sees a voice, by which the voice is recognised in recordings. Immutable plain data. */
export interface SpeakerEmbedding {
  /** Version of the embedding network, 1 or more. Embeddings of different versions cannot be compared. */
  readonly network: number;
  /** [elements] -127 to 127, not all 0; only their ratios count */
  readonly values: Int8Array;
}

const LARGEST_VALUE = 127;
const LARGEST_VERSION = 1_000_000;
const ELEMENTS = { minimum: 8, maximum: 1024 } as const;

/** @param vector finite, not all 0. Rounding turns it by less than 1 degree. */
export function quantizeEmbedding(vector: Float32Array, network: number): SpeakerEmbedding {
  const scale = LARGEST_VALUE / vector.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
  return { network, values: Int8Array.from(vector, (value) => Math.round(value * scale)) };
}

/** @returns [elements] of unit length */
export function embeddingVector({ values }: SpeakerEmbedding): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

/** @throws InputError with the path of the first invalid field */
export function parseEmbedding(reader: JsonReader): SpeakerEmbedding {
  const network = reader.integer('network', 1, LARGEST_VERSION);
  const elements = reader.integer('elements', ELEMENTS.minimum, ELEMENTS.maximum);
  const bytes = readBase64(reader, 'values', elements, 2 * ELEMENTS.maximum);
  const values = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (values.every((value) => value === 0)) reader.fail('values', 'base64 of at least one value that is not 0');
  return { network, values };
}

/** @returns the JSON that `parseEmbedding` reads */
export function embeddingJson({ network, values }: SpeakerEmbedding): object {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { network, elements: values.length, values: encodeBase64(bytes) };
}

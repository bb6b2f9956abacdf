import { expect, it } from 'vitest';
import { encodeBase64 } from '../../../engine/core/base64.ts';
import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import { type Preset, parsePreset, presetHash, serializePreset } from '../../../engine/model/Preset.ts';
import { embeddingVector, quantizeEmbedding } from '../../../engine/model/SpeakerEmbedding.ts';
import { randomPreset } from '../syntheticVoice.ts';

const ELEMENTS = 64;
const random = new Random(3);
const vector = Float32Array.from({ length: ELEMENTS }, () => random.between(-1, 1));
const without = randomPreset('voice', 4, 1);
const preset: Preset = { ...without, embedding: quantizeEmbedding(vector, 1) };

/** Text of the preset's file with another embedding. */
function withEmbedding(embedding: unknown): string {
  return JSON.stringify({ ...(JSON.parse(serializePreset(preset)) as object), embedding });
}

it('is read back from the preset unchanged', () => {
  const read = parsePreset(serializePreset(preset));
  expect(read).toEqual(preset);
  expect(serializePreset(read)).toBe(serializePreset(preset));
});

it('keeps the direction of the vector', () => {
  const length = Math.hypot(...vector);
  const restored = embeddingVector(quantizeEmbedding(vector, 1));
  const cosine = restored.reduce((sum, value, element) => sum + value * vector[element]!, 0) / length;
  expect(Math.hypot(...restored)).toBeCloseTo(1, 6);
  expect(cosine).toBeGreaterThan(Math.cos(Math.PI / 180));
});

it('does not change the hash of a preset, by which adaptations are found', () => {
  expect(presetHash(without)).toBe('a3fe90f6273e276650d4ff1dcdf455d6a94518ffbad053dc6a922a0b13b41f78');
  expect(presetHash(preset)).toBe(presetHash(without));
});

it('is left out of the file of a preset that has none', () => {
  expect(serializePreset(without)).not.toContain('embedding');
  expect(parsePreset(serializePreset(without))).toEqual(without);
});

it('of a network that is not known yet is kept', () => {
  const newer: Preset = { ...without, embedding: quantizeEmbedding(new Float32Array(192).fill(-0.1), 7) };
  expect(parsePreset(serializePreset(newer))).toEqual(newer);
});

const values = encodeBase64(new Uint8Array(ELEMENTS).fill(1));
it.each([
  [null, 'preset.embedding: must be an object, got null'],
  [[values], 'preset.embedding: must be an object, got a list of 1'],
  [{ elements: ELEMENTS, values }, 'preset.embedding.network: must be an integer between 1 and 1000000, got nothing'],
  [{ network: 0, elements: ELEMENTS, values }, 'preset.embedding.network: must be an integer'],
  [{ network: 1e300, elements: ELEMENTS, values }, 'preset.embedding.network: must be an integer'],
  [{ network: 1, elements: 1e9, values }, 'preset.embedding.elements: must be an integer between 8 and 1024'],
  [{ network: 1, elements: 65, values }, 'preset.embedding.values: must be base64 of 65 bytes (this one holds 64)'],
  [{ network: 1, elements: ELEMENTS, values: '!!!!' }, 'preset.embedding.values: must be base64, got "!!!!"'],
  [{ network: 1, elements: ELEMENTS, values: 'A'.repeat(5000) }, 'preset.embedding.values: must be a text of at most'],
  [
    { network: 1, elements: ELEMENTS, values: encodeBase64(new Uint8Array(ELEMENTS)) },
    'preset.embedding.values: must be base64 of at least one value that is not 0',
  ],
])('is rejected: %#', (embedding, message) => {
  expect(() => parsePreset(withEmbedding(embedding))).toThrow(message);
  expect(() => parsePreset(withEmbedding(embedding))).toThrow(InputError);
});

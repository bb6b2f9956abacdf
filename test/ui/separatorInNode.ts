import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../../engine/core/Random.ts';
import { parsePreset } from '../../engine/model/Preset.ts';
import { sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { planStft } from '../../engine/stft/StftPlan.ts';
import { packageRoot } from '../../host/files/packageRoot.ts';

export const VOICES = ['synthetic-female', 'synthetic-male'] as const;

export function presetTexts(): Promise<string[]> {
  return Promise.all(VOICES.map((name) => readFile(join(packageRoot(), 'presets', `${name}.unmingle.json`), 'utf8')));
}

/** Broadband test signal that never repeats. */
export function testSound(samples: number): Float32Array {
  const random = new Random(3);
  return Float32Array.from(
    { length: samples },
    (_, n) => 0.2 * Math.sin(n * 0.03 + 4 * Math.sin(n * 0.0004)) + 0.05 * random.between(-1, 1),
  );
}

/** Separates a signal in Node with the SIMD kernel, which every platform supports. @returns both voices, then the rest */
export function separated(texts: readonly string[], input: Float32Array, sampleRateHertz: number): Float32Array[] {
  const speakerSet = sampleSpeakerSet(texts.map(parsePreset), planStft({ sampleRateHertz }));
  const separator = new Separator(speakerSet, { variant: 'simd' });
  const speakers = texts.map(() => new Float32Array(input.length));
  const rest = new Float32Array(input.length);
  separator.process(input, { speakers, rest });
  return [...speakers, rest];
}

/** Largest absolute difference of two signals; infinite if their lengths differ. */
export function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let largest = one.length === other.length ? 0 : Number.POSITIVE_INFINITY;
  for (let n = 0; n < one.length; n++) largest = Math.max(largest, Math.abs(one[n]! - other[n]!));
  return largest;
}

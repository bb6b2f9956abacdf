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

/** Something with all frequencies and no two moments alike. */
export function testSound(samples: number): Float32Array {
  const random = new Random(3);
  return Float32Array.from(
    { length: samples },
    (_, n) => 0.2 * Math.sin(n * 0.03 + 4 * Math.sin(n * 0.0004)) + 0.05 * random.between(-1, 1),
  );
}

/** What the separator makes of a sound here: both voices, then the rest. By the build that runs everywhere. */
export function separated(texts: readonly string[], input: Float32Array, sampleRateHertz: number): Float32Array[] {
  const speakerSet = sampleSpeakerSet(texts.map(parsePreset), planStft({ sampleRateHertz }));
  const separator = new Separator(speakerSet, { variant: 'simd' });
  const [first, second, rest] = [0, 1, 2].map(() => new Float32Array(input.length));
  separator.process(input, { speakers: [first!, second!], rest: rest! });
  return [first!, second!, rest!];
}

export function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let largest = one.length === other.length ? 0 : Number.POSITIVE_INFINITY;
  for (let n = 0; n < one.length; n++) largest = Math.max(largest, Math.abs(one[n]! - other[n]!));
  return largest;
}

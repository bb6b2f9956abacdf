import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syntheticVoice } from '../../../engine/syntheticVoice.ts';
import { float32, wavBytes } from '../../audio/wavBytes.ts';

export interface WavOptions {
  readonly sampleRateHertz?: number;
  readonly channels?: number;
}

/** Writes samples as DATASET/<speaker>/<file>, making the folders. */
export function writeWav(path: string, samples: readonly number[], options: WavOptions = {}): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, wavBytes(float32([...samples]), { code: 3, bits: 32, ...options }));
}

/** Writes a speaker with `files` recordings of `seconds` each, at 16 kHz. */
export function writeVoice(
  dataset: string,
  speaker: string,
  pitchHertz: number,
  files: number,
  seconds: number,
  options: WavOptions = {},
): void {
  for (let file = 1; file <= files; file++) {
    const samples = syntheticVoice(pitchHertz + file, pitchHertz, 1, seconds, options.sampleRateHertz ?? 16_000);
    writeWav(join(dataset, speaker, `${file}.wav`), [...samples], options);
  }
}

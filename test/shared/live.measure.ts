import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { mixAtSnr } from '../../engine/evaluation/mixture.ts';
import { readRecording } from '../../host/audio/readRecording.ts';
import { resample } from '../../host/audio/resample.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { liveTable, measureLive } from '../virtualDevices/liveMeasurement.ts';

/** `npm run measure:live` on the bundled voices; this on real ones: `npx vitest run --config test/bench/vitest.config.ts test/shared`. */
const DATA = fileURLToPath(new URL('../../../shared/data/librispeech', import.meta.url));
const RATE = 48_000;
const folder = temporaryFolder();

it.each([
  ['367', '2033'],
  ['1998', '2414'],
])('LibriSpeech %s and %s, live', async (one, other) => {
  const [first, second] = await Promise.all([testSpeech(one), testSpeech(other)]);
  const length = Math.min(first!.length, second!.length);
  const { mixture, target } = mixAtSnr(first!.subarray(0, length), second!.subarray(0, length), 0);
  const scale = 0.5 / mixture.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const scaled = (signal: Float32Array) => signal.map((value) => scale * value);
  const presets = [`librispeech-${one}`, `librispeech-${other}`] as const;
  const run = { name: `LibriSpeech ${one} and ${other}, 48 kHz, Call`, rateHertz: RATE, latency: 'call' } as const;
  const sound = { presets, mixture: scaled(Float32Array.from(mixture)), voice: scaled(Float32Array.from(target)) };
  console.log(liveTable([await measureLive(run, sound, folder)]));
});

/** @returns the last two recordings by name, which are not used for training */
async function testSpeech(speaker: string): Promise<Float32Array> {
  const files = readdirSync(join(DATA, speaker))
    .filter((name) => name.endsWith('.flac'))
    .sort()
    .slice(-2);
  const parts: number[] = [];
  for (const file of files) {
    const { samples, sampleRateHertz } = await readRecording(join(DATA, speaker, file), 60);
    for (const value of await resample(samples, sampleRateHertz, RATE)) parts.push(value);
  }
  return Float32Array.from(parts);
}

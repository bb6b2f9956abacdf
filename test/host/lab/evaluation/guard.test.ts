import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRecording } from '../../../../host/audio/readRecording.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { runEvaluation } from './runEvaluation.ts';
import { writeWav } from './voiceFolders.ts';

const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const guard = JSON.parse(readFileSync(at('test/experiments/guard.json'), 'utf8')) as {
  readonly toleranceDecibels: number;
  readonly syntheticVoices: { readonly siSdrDecibels: number };
};
/** Seconds of the demo used for training; the remainder is separated. */
const TRAINING_SECONDS = 6.5;

test('freshly trained, the two synthetic voices are separated as well as on record', async () => {
  const folder = temporaryFolder();
  for (const voice of ['synthetic-female', 'synthetic-male']) {
    const { samples, sampleRateHertz } = await readRecording(at(`presets/demo/${voice}.flac`));
    const end = TRAINING_SECONDS * sampleRateHertz;
    writeWav(join(folder, 'voices', voice, '1.wav'), [...samples.subarray(0, end)], { sampleRateHertz });
    writeWav(join(folder, 'voices', voice, '2.wav'), [...samples.subarray(end)], { sampleRateHertz });
  }
  const report = await runEvaluation(folder, join(folder, 'voices'), '--split', '1:1', '--methods', 'innmf');
  const measured = report.summaries[0]!.scores.siSdrDecibels!.mean;
  const lowest = guard.syntheticVoices.siSdrDecibels - guard.toleranceDecibels;
  expect(
    measured,
    `SI-SDR ${measured.toFixed(2)} dB; where a change is meant to cost quality, test/experiments/guard.json must say so`,
  ).toBeGreaterThan(lowest);
}, 180_000);

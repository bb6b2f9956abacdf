import { join } from 'node:path';
import { expect, it } from 'vitest';
import { polyphaseResample } from '../../../engine/evaluation/index.ts';
import { siSdr } from '../../../engine/evaluation/siSdr.ts';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { packageRoot } from '../../../host/files/packageRoot.ts';
import { readPresetFile } from '../../../host/library/PresetLibrary.ts';

const NAMES = ['synthetic-female', 'synthetic-male'];
const presetFolder = join(packageRoot(), 'presets');
const voices = await Promise.all(
  NAMES.map(async (name) => (await readRecording(join(presetFolder, 'demo', `${name}.flac`), 60)).samples),
);
const presets = await Promise.all(NAMES.map((name) => readPresetFile(join(presetFolder, `${name}.unmingle.json`))));

/** @returns mean SI-SDR of both demo voices, mixed and separated at a sample rate */
function separationDecibels(sampleRateHertz: number, up: number, down: number, windowSeconds: number): number {
  const sources = voices.map((samples) =>
    up === down ? samples : Float32Array.from(polyphaseResample(samples, up, down)),
  );
  const separator = new Separator(sampleSpeakerSet(presets, planStft({ sampleRateHertz, windowSeconds })));
  const { latencySamples } = separator;
  const length = sources[0]!.length;
  const mixture = new Float32Array(length + latencySamples);
  for (let n = 0; n < length; n++) mixture[n] = sources[0]![n]! + sources[1]![n]!;
  const speakers = [new Float32Array(mixture.length), new Float32Array(mixture.length)];
  separator.process(mixture, { speakers });
  const ratios = speakers.map((output, s) => siSdr(sources[s]!, output.subarray(latencySamples)));
  return (ratios[0]! + ratios[1]!) / 2;
}

it('presets trained at 16 kHz separate as well at every other rate, also with half the window', () => {
  const trained = separationDecibels(16_000, 1, 1, 0.064);
  expect(trained).toBeGreaterThan(9);
  for (const [sampleRateHertz, up, down] of [
    [8000, 1, 2],
    [22_050, 441, 320],
    [44_100, 441, 160],
    [48_000, 3, 1],
  ] as const) {
    expect(separationDecibels(sampleRateHertz, up, down, 0.064), `${sampleRateHertz} Hz`).toBeGreaterThan(
      trained - 0.5,
    );
  }
  expect(separationDecibels(16_000, 1, 1, 0.032)).toBeGreaterThan(trained - 1);
});

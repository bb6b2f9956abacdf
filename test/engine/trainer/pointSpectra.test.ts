import { expect, it } from 'vitest';
import { pointSpectra } from '../../../engine/trainer/pointSpectra.ts';
import { recordingSpectra } from '../../../engine/trainer/spectra.ts';
import { StftTransform } from '../../../engine/transform/StftTransform.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const sampleRateHertz = 16_000;
const samples = syntheticVoice(1, 120, 1, 1, sampleRateHertz);

it('reproduces the spectra of an STFT from its points', () => {
  const expected = recordingSpectra({ name: 'voice', samples, sampleRateHertz }, 512);
  const points = new StftTransform(512, 256).points(samples, sampleRateHertz);
  const found = pointSpectra(points, samples.length, sampleRateHertz, 512);
  expect(found.frames).toBe(expected.frames);
  found.values.forEach((value, cell) => {
    expect(Math.abs(value - expected.values[cell]!)).toBeLessThan(1e-4);
  });
});

it('interpolates cells without points across the shorter gap', () => {
  // Points at three bins of every frame, rising with frequency: a straight line between them, the last value beyond them.
  const bins = [0, 4, 8];
  const frames = 6;
  const count = bins.length * frames;
  const points = {
    timesSeconds: Float64Array.from(
      { length: count },
      (_, index) => (32 * (1 + Math.floor(index / 3))) / sampleRateHertz,
    ),
    frequenciesHertz: Float64Array.from({ length: count }, (_, index) => (bins[index % 3]! * sampleRateHertz) / 64),
    magnitudes: Float32Array.from({ length: count }, (_, index) => (1 + bins[index % 3]!) ** 2),
    durationsSeconds: new Float32Array(count).fill(64 / sampleRateHertz),
    areas: new Float32Array(count).fill(0.5),
  };
  const { values } = pointSpectra(points, 32 * (frames + 1), sampleRateHertz, 64);
  for (let frame = 0; frame < frames; frame++) {
    const row = values.subarray(frame * 33, (frame + 1) * 33);
    row.forEach((value, bin) => {
      expect(value).toBeCloseTo(1 + Math.min(8, bin), 4);
    });
  }
});

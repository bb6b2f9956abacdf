import { expect, test } from 'vitest';
import { recordingSpectra, spectraLength } from '../../../engine/trainer/spectra.ts';

const samples = Float32Array.from({ length: 5000 }, (_, n) => Math.sin(n * n * 1e-4));
const recording = { name: 'sweep', samples, sampleRateHertz: 16_000 };

test('spectra do not depend on what their memory was used for before', () => {
  const memory = new Float32Array(spectraLength(samples.length, 512));
  for (const windowSamples of [512, 128, 256, 64]) {
    const expected = recordingSpectra(recording, windowSamples);
    expect(expected.values.length).toBe(spectraLength(samples.length, windowSamples));
    expect(recordingSpectra(recording, windowSamples, memory)).toEqual(expected);
  }
});

test('a recording shorter than a window has no spectra', () => {
  const short = { ...recording, samples: samples.subarray(0, 500) };
  expect(spectraLength(500, 512)).toBe(0);
  expect(recordingSpectra(short, 512)).toMatchObject({ frames: 0, values: new Float32Array(0) });
});

import { describe, expect, it } from 'vitest';
import { interpolateTemplates, resampleTemplates } from '../../../engine/trainer/resampleTemplates.ts';
import { recordingSpectra } from '../../../engine/trainer/spectra.ts';

/** Spectrum of a stationary tone with the window of the trainer. */
function toneSpectrum(windowSamples: number): Float32Array {
  const samples = Float32Array.from({ length: 16_000 }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / 16_000));
  return recordingSpectra({ name: 'tone', samples, sampleRateHertz: 16_000 }, windowSamples).values.slice(
    0,
    windowSamples / 2 + 1,
  );
}

/** Width of a peak in hertz: its mean distance from 1000 Hz, weighted by height. */
function spreadHertz(values: Float32Array, windowSamples: number): number {
  let moment = 0;
  let total = 0;
  values.forEach((value, bin) => {
    const distance = Math.abs((bin * 16_000) / windowSamples - 1000);
    if (distance > 500) return;
    moment += value * distance;
    total += value;
  });
  return moment / total;
}

describe('resampleTemplates', () => {
  it('preserves a straight line at any size', () => {
    const line = {
      windowSamples: 512,
      templates: 1,
      values: Float32Array.from({ length: 257 }, (_, bin) => 1 + bin / 256),
    };
    const { values } = interpolateTemplates(line, 1500);
    values.forEach((value, bin) => {
      expect(value).toBeCloseTo(1 + bin / 750, 4);
    });
  });

  it('approximates the width of a tone in a shorter window better than interpolation does', () => {
    const long = { windowSamples: 2048, templates: 1, values: toneSpectrum(2048) };
    const wanted = spreadHertz(toneSpectrum(512), 512);
    const smeared = spreadHertz(resampleTemplates(long, 512).values, 512);
    const interpolated = spreadHertz(interpolateTemplates(long, 512).values, 512);
    expect(Math.abs(smeared - wanted)).toBeLessThan(Math.abs(interpolated - wanted) / 1.5);
  });
});

import { describe, expect, it } from 'vitest';
import { Float64Fft } from '../../../engine/evaluation/Float64Fft.ts';
import { noise } from './goldenSignals.ts';

describe('Float64Fft', () => {
  it.each([4, 8, 64, 256])('equals the discrete Fourier transform at size %i', (size) => {
    const fft = new Float64Fft(size);
    fft.samples.set(noise(size, size));
    fft.forward();
    for (let k = 0; k <= size / 2; k++) {
      let re = 0;
      let im = 0;
      for (const [n, sample] of fft.samples.entries()) {
        re += sample * Math.cos((2 * Math.PI * k * n) / size);
        im -= sample * Math.sin((2 * Math.PI * k * n) / size);
      }
      expect(fft.spectrum[2 * k]).toBeCloseTo(re, 11);
      expect(fft.spectrum[2 * k + 1]).toBeCloseTo(im, 11);
    }
  });

  it.each([4, 16, 4096, 2 ** 17])('restores the samples to 1e-13 at size %i', (size) => {
    const fft = new Float64Fft(size);
    const samples = noise(1, size);
    fft.samples.set(samples);
    fft.forward();
    fft.samples.fill(Number.NaN);
    fft.inverse();
    const error = samples.reduce((worst, sample, n) => Math.max(worst, Math.abs(sample - fft.samples[n]!)), 0);
    expect(error).toBeLessThan(1e-13);
  });

  it('rejects sizes that are too small or not powers of two', () => {
    expect(() => new Float64Fft(48)).toThrow('sizeSamples must be a power of two, got 48');
    expect(() => new Float64Fft(2)).toThrow('sizeSamples must be an integer between 4 and 1048576, got 2');
  });
});

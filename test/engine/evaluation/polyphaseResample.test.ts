import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { polyphaseResample } from '../../../engine/evaluation/index.ts';
import { noise, voice } from './goldenSignals.ts';

interface GoldenRow {
  readonly up: number;
  readonly down: number;
  readonly length: number;
  readonly at: readonly number[];
  readonly values: readonly number[];
}

const golden: GoldenRow[] = JSON.parse(readFileSync(new URL('golden/metrics.json', import.meta.url), 'utf8')).resampled;

/** Amplitude of a tone after resampling, in the middle of the output. @param frequency in cycles per input sample */
function toneGain(frequency: number, up: number, down: number): number {
  const tone = Float64Array.from({ length: 20_000 }, (_, n) => Math.sin(2 * Math.PI * frequency * n));
  const output = polyphaseResample(tone, up, down);
  const middle = output.subarray(Math.floor(output.length / 4), Math.floor((3 * output.length) / 4));
  return Math.sqrt((2 * middle.reduce((sum, sample) => sum + sample ** 2, 0)) / middle.length);
}

describe('polyphaseResample', () => {
  it.each(golden)('agrees with scipy at $up / $down', ({ up, down, length, at, values }) => {
    const output = polyphaseResample(voice(1, 8000, 2000), up, down);
    expect(output.length).toBe(length);
    for (const [index, n] of at.entries()) expect(output[n]).toBeCloseTo(values[index]!, 10);
  });

  it('passes frequencies up to 0.95 of the lower Nyquist frequency and rejects those above 1.05 of it', () => {
    for (const [up, down] of [
      [5, 8],
      [100, 441],
    ] as const) {
      const nyquist = up / down / 2;
      for (const share of [0.1, 0.5, 0.95]) {
        expect(Math.abs(20 * Math.log10(toneGain(share * nyquist, up, down)))).toBeLessThan(0.02);
      }
      // The gain is 1/2 at the cutoff: gains at equal distances on both sides add up to 1. At the cutoff a tone interferes with its image.
      expect(toneGain(0.98 * nyquist, up, down) + toneGain(1.02 * nyquist, up, down)).toBeCloseTo(1, 2);
      for (const share of [1.05, 1.3]) {
        expect(20 * Math.log10(toneGain(share * nyquist, up, down))).toBeLessThan(-60);
      }
    }
  });

  it('has no delay: the phase of a slow tone is unchanged', () => {
    const tone = Float64Array.from({ length: 4000 }, (_, n) => Math.sin(0.01 * n));
    const output = polyphaseResample(tone, 3, 2);
    for (let n = 1000; n < 5000; n += 97) expect(output[n]).toBeCloseTo(Math.sin((0.01 * n * 2) / 3), 3);
  });

  it('copies if the factors are equal, and reduces factors to lowest terms', () => {
    const samples = noise(1, 50);
    expect(polyphaseResample(samples, 48_000, 48_000)).toEqual(samples);
    expect(polyphaseResample(samples, 10, 16)).toEqual(polyphaseResample(samples, 5, 8));
    expect(polyphaseResample(new Float32Array(0), 5, 8).length).toBe(0);
  });

  it('rejects factors that are not integers in range', () => {
    expect(() => polyphaseResample(noise(1, 9), 0, 8)).toThrow('up must be an integer between 1 and 1000000, got 0');
    expect(() => polyphaseResample(noise(1, 9), 5, 8.5)).toThrow(
      'down must be an integer between 1 and 1000000, got 8.5',
    );
  });
});

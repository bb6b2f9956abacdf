import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { mixAtSnr, stoi } from '../../../engine/evaluation/index.ts';
import { noise, sumOf, voice } from './goldenSignals.ts';

interface GoldenRow {
  readonly rate: number;
  readonly stoi: number;
  readonly estoi: number;
}

const golden: GoldenRow[] = JSON.parse(readFileSync(new URL('golden/metrics.json', import.meta.url), 'utf8')).stoi;
const RATE_HERTZ = 10_000;
const clean = voice(2, RATE_HERTZ, 20_000);

describe('stoi', () => {
  it.each(golden)('agrees with an independent implementation of the formulas at $rate Hz', (row) => {
    const speech = voice(1, row.rate, 2 * row.rate);
    const length = speech.length;
    const degraded = sumOf([0.7, 0.4, 0.2], [speech, noise(9, length), voice(3, row.rate, length)]);
    expect(stoi(speech, degraded, row.rate)).toBeCloseTo(row.stoi, 8);
    expect(stoi(speech, degraded, row.rate, { extended: true })).toBeCloseTo(row.estoi, 8);
  });

  it.each([false, true])(
    'is 1 for the same speech at any level, and decreases with added noise (extended: %s)',
    (extended) => {
      expect(stoi(clean, sumOf([0.01], [clean]), RATE_HERTZ, { extended })).toBeCloseTo(1, 9);
      const scores = [20, 10, 0, -10, -20].map((snrDecibels) =>
        stoi(clean, mixAtSnr(clean, noise(5, clean.length), snrDecibels).mixture, RATE_HERTZ, { extended }),
      );
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scores[0]).toBeGreaterThan(0.7);
      expect(Math.abs(stoi(clean, noise(6, clean.length), RATE_HERTZ, { extended }))).toBeLessThan(0.3);
    },
  );

  it('ignores the pauses of the clean speech', () => {
    const paused = new Float64Array(40_000);
    paused.set(clean);
    const disturbed = paused.map((sample, n) => (n < 21_000 ? sample : 3 * Math.sin(0.3 * n)));
    expect(stoi(paused, disturbed, RATE_HERTZ)).toBeCloseTo(1, 9);
  });

  it('is finite for signals with empty bands: a pure tone, and clicks', () => {
    const tone = Float64Array.from({ length: 10_000 }, (_, n) => Math.sin(0.5 * n));
    const clicks = Float64Array.from(tone, (_, n) => (n % 4000 === 0 ? 1 : 0));
    for (const extended of [false, true]) {
      expect(stoi(tone, clicks, RATE_HERTZ, { extended })).not.toBeNaN();
      expect(stoi(tone, tone, RATE_HERTZ, { extended })).not.toBeNaN();
    }
  });

  it('rejects invalid signals by name, with the reason', () => {
    const refuse = (first: Float64Array, second: Float64Array, message: string, rateHertz = RATE_HERTZ) => {
      const measure = () => stoi(first, second, rateHertz);
      expect(measure).toThrow(InputError);
      expect(measure).toThrow(message);
    };
    const silence = new Float64Array(clean.length);
    // 31 frames, of which the last, ending with the signal, is omitted both in the pause detection and in the bands: 29 are left.
    const short = noise(1, 256 + 30 * 128);
    refuse(silence, clean, 'clean must not be silent: all 20000 samples are 0');
    refuse(clean, silence, 'degraded must not be silent');
    refuse(
      clean,
      clean.map((_, n) => (n === 3 ? Number.NaN : 1)),
      'degraded must contain finite samples, got NaN at sample 3',
    );
    refuse(clean, noise(1, 7), 'degraded must be as long as clean, 20000 samples, got 7');
    refuse(short, short, 'clean must contain at least 30 frames of 12.8 ms within 40 dB of its loudest, got 29');
    refuse(noise(1, 10), noise(1, 10), 'got 0');
    refuse(clean, clean, 'sampleRateHertz must be an integer between 8000 and 192000, got 22050.5', 22_050.5);
    expect(stoi(noise(1, short.length + 1), noise(1, short.length + 1), RATE_HERTZ)).toBeCloseTo(1, 9);
  });
});

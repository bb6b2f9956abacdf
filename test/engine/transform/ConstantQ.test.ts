import { describe, expect, test } from 'vitest';
import { ConstantQ } from '../../../engine/transform/ConstantQ.ts';
import { SAMPLE_RATE_HERTZ, tone } from '../../contracts/transform.ts';

/** Q of 24 bins per octave: frequency / distance between the midpoints to its neighbours. */
const Q = 1 / (2 ** (1 / 48) - 2 ** (-1 / 48));
const LONGEST_SECONDS = 0.25;

/** Length of the window at a frequency, as documented. */
function windowSamples(hertz: number): number {
  return Math.round(Math.min(LONGEST_SECONDS, Q / hertz) * SAMPLE_RATE_HERTZ);
}

describe('ConstantQ, compared with closed forms', () => {
  test('for a sine, equals its amplitude times the transform of the sine window at every bin', () => {
    const hertz = 1234.5;
    const amplitude = 0.7;
    const signal = tone(hertz).map((value) => amplitude * value);
    const points = new ConstantQ({ minimumHertz: 100 }).points(signal, SAMPLE_RATE_HERTZ);
    let compared = 0;
    points.magnitudes.forEach((magnitude, index) => {
      const bin = points.frequenciesHertz[index]!;
      if (Math.abs(points.timesSeconds[index]! - 0.5) > 0.3) return;
      // |integral of sin(pi t / T) e^(-2 pi i v t)| = (2 T / pi) |cos(pi v T)| / |1 - (2 v T)^2|; the window's energy is T / 2.
      const seconds = windowSamples(bin) / SAMPLE_RATE_HERTZ;
      const offset = (hertz - bin) * seconds;
      const response = ((2 * seconds) / Math.PI) * Math.abs(Math.cos(Math.PI * offset) / (1 - (2 * offset) ** 2));
      const expected = (amplitude / 2) * (response / Math.sqrt(seconds / 2));
      const highest = (amplitude / 2) * ((2 * seconds) / Math.PI / Math.sqrt(seconds / 2));
      // The remaining differences come from the tone's image at negative frequencies and the sampling of the window.
      if (Math.abs(magnitude - expected) > 0.01 * highest) expect(`${magnitude} at ${bin} Hz`).toBe(`${expected}`);
      compared++;
    });
    expect(compared).toBeGreaterThan(5000);
  });

  test('for an impulse, equals the window over time', () => {
    const signal = new Float32Array(SAMPLE_RATE_HERTZ);
    signal[8000] = 1;
    const points = new ConstantQ({ minimumHertz: 100 }).points(signal, SAMPLE_RATE_HERTZ);
    points.magnitudes.forEach((magnitude, index) => {
      const samples = windowSamples(points.frequenciesHertz[index]!);
      const distance = 8000 - points.timesSeconds[index]! * SAMPLE_RATE_HERTZ;
      const inside = Math.abs(distance) < samples / 2;
      const window = inside ? Math.cos((Math.PI * distance) / samples) : 0;
      expect(magnitude).toBeCloseTo(window / Math.sqrt((samples / 2) * SAMPLE_RATE_HERTZ), 6);
    });
  });

  test('for a linear chirp, is near window / sqrt(chirp rate), its value by stationary phase', () => {
    // Stationary phase requires the chirp to sweep many bandwidths within the window of a bin: only high bins, which are wide, are used.
    const chirpRate = 40_000;
    const samples = 2400;
    const start = 1000;
    const signal = Float32Array.from({ length: samples }, (_, n) => {
      const seconds = n / SAMPLE_RATE_HERTZ;
      return Math.cos(2 * Math.PI * (start * seconds + (chirpRate / 2) * seconds ** 2));
    });
    const points = new ConstantQ({ minimumHertz: 2000, maximumHertz: 4000, hopsPerWindow: 16 }).points(
      signal,
      SAMPLE_RATE_HERTZ,
    );
    let compared = 0;
    points.magnitudes.forEach((magnitude, index) => {
      const bin = points.frequenciesHertz[index]!;
      const seconds = windowSamples(bin) / SAMPLE_RATE_HERTZ;
      const passing = (bin - start) / chirpRate;
      const position = (passing - points.timesSeconds[index]!) / seconds;
      if (Math.abs(position) > 0.3 || Math.abs(points.timesSeconds[index]! - 0.075) > 0.06) return;
      const expected = (0.5 * Math.cos(Math.PI * position)) / Math.sqrt(chirpRate * (seconds / 2));
      expect(Math.abs(magnitude / expected - 1)).toBeLessThan(0.3);
      compared++;
    });
    expect(compared).toBeGreaterThan(100);
  });

  test('has more points at high frequencies, with a hop of its own for each bin', () => {
    const { timesSeconds, frequenciesHertz } = new ConstantQ().points(tone(500), SAMPLE_RATE_HERTZ);
    const step = (hertz: number) => {
      const row = timesSeconds.filter((_, index) => Math.abs(frequenciesHertz[index]! - hertz) < 0.01 * hertz);
      return row[2]! - row[1]!;
    };
    expect(step(400) / step(3200)).toBeCloseTo(8, 0);
  });
});

test('rejects frequencies above half the sample rate', () => {
  expect(() => new ConstantQ({ maximumHertz: 5000 }).points(tone(500), 8000)).toThrow(
    'constant-Q frequencies must satisfy 0 < minimum < maximum <= 4000 Hz, got 50 and 5000',
  );
});

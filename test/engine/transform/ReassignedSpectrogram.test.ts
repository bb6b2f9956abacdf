import { expect, test } from 'vitest';
import { ReassignedSpectrogram, type TimeFrequencyPoints } from '../../../engine/transform/index.ts';
import { SAMPLE_RATE_HERTZ, tone } from '../../contracts/transform.ts';

const transform = new ReassignedSpectrogram(512);

/** Points within 40 dB of the largest. */
function loudPoints(points: TimeFrequencyPoints): { seconds: number; hertz: number }[] {
  const highest = points.magnitudes.reduce((most, magnitude) => Math.max(most, magnitude), 0);
  return Array.from(points.magnitudes.keys())
    .filter((index) => points.magnitudes[index]! > 0.01 * highest)
    .map((index) => ({ seconds: points.timesSeconds[index]!, hertz: points.frequenciesHertz[index]! }));
}

test('for a sine, all loud points of all bins are at its frequency', () => {
  const loud = loudPoints(transform.points(tone(1234.5), SAMPLE_RATE_HERTZ)).filter(
    ({ seconds }) => Math.abs(seconds - 0.5) < 0.4,
  );
  expect(loud.length).toBeGreaterThan(200);
  expect(Math.max(...loud.map(({ hertz }) => Math.abs(hertz - 1234.5)))).toBeLessThan(0.5);
});

test('for an impulse, all loud points of all frames are at its time', () => {
  const signal = new Float32Array(4000);
  signal[2013] = 1;
  const loud = loudPoints(transform.points(signal, SAMPLE_RATE_HERTZ));
  expect(loud.length).toBeGreaterThan(700);
  expect(Math.max(...loud.map(({ seconds }) => Math.abs(seconds - 2013 / SAMPLE_RATE_HERTZ)))).toBeLessThan(2e-6);
});

test('for a linear chirp, all loud points are on its line', () => {
  const chirpRate = 6000;
  const start = 1000;
  const signal = Float32Array.from({ length: SAMPLE_RATE_HERTZ }, (_, n) => {
    const seconds = n / SAMPLE_RATE_HERTZ;
    return Math.cos(2 * Math.PI * (start * seconds + (chirpRate / 2) * seconds ** 2));
  });
  const loud = loudPoints(transform.points(signal, SAMPLE_RATE_HERTZ)).filter(
    ({ seconds }) => seconds > 0.1 && seconds < 0.9,
  );
  expect(loud.length).toBeGreaterThan(500);
  expect(Math.max(...loud.map(({ seconds, hertz }) => Math.abs(hertz - start - chirpRate * seconds)))).toBeLessThan(2);
});

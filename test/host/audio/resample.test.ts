import { expect, test } from 'vitest';
import { resample } from '../../../host/audio/resample.ts';
import { SignalResampler } from '../../../host/audio/SignalResampler.ts';

function sine(frequencyHertz: number, rateHertz: number, seconds = 1): Float32Array {
  return Float32Array.from({ length: rateHertz * seconds }, (_, n) =>
    Math.sin((2 * Math.PI * frequencyHertz * n) / rateHertz),
  );
}

/** Deviation from `expected` in decibels of a full-scale sine, away from the ends, where the filter looks beyond the signal. */
function errorDecibels(actual: Float32Array, expected: Float32Array): number {
  const margin = Math.round(expected.length / 20);
  let sum = 0;
  for (let n = margin; n < expected.length - margin; n++) sum += (actual[n]! - expected[n]!) ** 2;
  return 10 * Math.log10((2 * sum) / (expected.length - 2 * margin) + 1e-30);
}

test.each([
  [44_100, 16_000],
  [48_000, 16_000],
  [16_000, 44_100],
  [8000, 16_000],
])('%i to %i Hz: the passband stays, in place', async (from, to) => {
  for (const share of [0.01, 0.2, 0.45, 0.9]) {
    const frequencyHertz = Math.round((share * Math.min(from, to)) / 2);
    const output = await resample(sine(frequencyHertz, from), from, to);
    expect(output.length).toBe(to);
    expect(errorDecibels(output, sine(frequencyHertz, to))).toBeLessThan(-90);
  }
});

test('frequencies above the new Nyquist frequency are removed', async () => {
  for (const frequencyHertz of [8400, 9000, 12_000, 20_000]) {
    const output = await resample(sine(frequencyHertz, 44_100), 44_100, 16_000);
    expect(errorDecibels(output, new Float32Array(16_000))).toBeLessThan(-120);
  }
});

test('signals of any length are resampled, down to one sample and none', async () => {
  for (const length of [0, 1, 7, 44_101, 100_000]) {
    expect((await resample(new Float32Array(length), 44_100, 16_000)).length).toBe(
      Math.round((length * 16_000) / 44_100),
    );
  }
});

test('signals that are resampled one after another do not depend on each other', async () => {
  const signals = [sine(440, 48_000, 0.2), sine(90, 48_000, 0.1), sine(1000, 44_100, 0.2), sine(440, 48_000, 0.2)];
  const rates = [48_000, 48_000, 44_100, 48_000] as const;
  const resampler = new SignalResampler(16_000);
  try {
    for (const [index, signal] of signals.entries())
      expect(await resampler.convert(signal, rates[index]!)).toEqual(await resample(signal, rates[index]!, 16_000));
  } finally {
    resampler.close();
  }
});

import { expect, test } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { sineWindow } from '../../../engine/stft/window.ts';
import {
  AdaptiveStft,
  ConstantQ,
  MorseWavelet,
  SinusoidalModel,
  StftTransform,
} from '../../../engine/transform/index.ts';
import { linkTracks } from '../../../engine/transform/linkTracks.ts';
import { SAMPLE_RATE_HERTZ, tone } from '../../contracts/transform.ts';

test('AdaptiveStft chooses long windows for a tone and short ones for clicks', () => {
  const transform = new AdaptiveStft([256, 2048]);
  const signal = tone(1000);
  signal.fill(0, 8000);
  signal[12_000] = 1;
  const { timesSeconds, durationsSeconds } = transform.points(signal, SAMPLE_RATE_HERTZ);
  const windowAt = (seconds: number) =>
    durationsSeconds[timesSeconds.findIndex((time) => time > seconds)]! * SAMPLE_RATE_HERTZ;
  expect(windowAt(0.25)).toBeCloseTo(2048, 1);
  expect(windowAt(0.745)).toBeCloseTo(256, 1);
});

test('white noise has the same level in all linear transforms', () => {
  const random = new Random(3);
  const noise = Float32Array.from({ length: SAMPLE_RATE_HERTZ }, () => random.between(-1, 1) * Math.sqrt(3));
  const transforms = [
    new StftTransform(256),
    new StftTransform(sineWindow(2000), 500),
    new ConstantQ(),
    new MorseWavelet({ maximumHertz: 5000 }),
  ];
  for (const transform of transforms) {
    const { magnitudes, frequenciesHertz } = transform.points(noise, SAMPLE_RATE_HERTZ);
    // Excludes the edges, where the spectrum of a real signal is real.
    const inside = magnitudes.filter((_, index) => Math.abs(frequenciesHertz[index]! - 3000) < 2000);
    const power = inside.reduce((sum, magnitude) => sum + magnitude * magnitude, 0) / inside.length;
    expect(power * SAMPLE_RATE_HERTZ, transform.name).toBeGreaterThan(0.93);
    expect(power * SAMPLE_RATE_HERTZ, transform.name).toBeLessThan(1.07);
  }
});

test('the duration of a point is that of the sine window with the same noise bandwidth', () => {
  const signal = tone(1000);
  const constantQ = new ConstantQ().points(signal, SAMPLE_RATE_HERTZ);
  const q = 1 / (2 ** (1 / 48) - 2 ** (-1 / 48));
  constantQ.durationsSeconds.forEach((duration, index) => {
    const hertz = constantQ.frequenciesHertz[index]!;
    if (hertz < 200 || hertz > 2000) return;
    if (Math.abs((duration * hertz) / q - 1) > 0.01) expect(duration).toBe(q / hertz);
  });
  // Noise bandwidth of the wavelet relative to its frequency: integral of (w^20 e^(-w^3))^2, scaled to 1 at the peak.
  let bandwidth = 0;
  for (let step = 0; step < 10_000; step++) {
    const ratio = (step + 0.5) * 3e-4;
    bandwidth += Math.exp(2 * ((20 / 3) * (1 - ratio ** 3) + 20 * Math.log(ratio))) * 3e-4;
  }
  const wavelet = new MorseWavelet().points(signal, SAMPLE_RATE_HERTZ);
  wavelet.durationsSeconds.forEach((duration, index) => {
    const hertz = wavelet.frequenciesHertz[index]!;
    if (hertz > 2000) return;
    const expected = Math.PI ** 2 / 8 / (bandwidth * hertz);
    if (Math.abs(duration / expected - 1) > 0.01) expect(duration).toBe(expected);
  });
});

test('MorseWavelet of a sine equals the spectrum w^beta e^(-w^gamma) over scale', () => {
  const hertz = 1500;
  const { magnitudes, frequenciesHertz, timesSeconds } = new MorseWavelet({ binsPerOctave: 24 }).points(
    tone(hertz),
    SAMPLE_RATE_HERTZ,
  );
  // Energy of a wavelet with response R(f / peak): peak * integral of R^2, by Parseval.
  const response = (ratio: number) => Math.exp((20 / 3) * (1 - ratio ** 3) + 20 * Math.log(ratio));
  let energy = 0;
  for (let step = 0; step < 10_000; step++) energy += (response((step + 0.5) * 3e-4) ** 2 * 3) / 10_000;
  let compared = 0;
  magnitudes.forEach((magnitude, index) => {
    const peak = frequenciesHertz[index]!;
    if (Math.abs(timesSeconds[index]! - 0.5) > 0.3 || peak < 750 || peak > 3000) return;
    const expected = (0.5 * response(hertz / peak)) / Math.sqrt(peak * energy);
    const highest = 0.5 / Math.sqrt(hertz * energy);
    if (Math.abs(magnitude - expected) > 0.002 * highest) expect(`${magnitude} at ${peak} Hz`).toBe(`${expected}`);
    compared++;
  });
  expect(compared).toBeGreaterThan(1000);
});

test('SinusoidalModel of two partials has two tracks with their amplitudes', () => {
  const signal = tone(440.3).map(
    (value, n) => 0.5 * value + 0.05 * Math.cos((2 * Math.PI * 2345.6 * n) / SAMPLE_RATE_HERTZ),
  );
  const { frequenciesHertz, magnitudes, timesSeconds } = new SinusoidalModel(1024, { floorDecibels: -40 }).points(
    signal,
    SAMPLE_RATE_HERTZ,
  );
  const inside = Array.from(magnitudes.keys()).filter((index) => Math.abs(timesSeconds[index]! - 0.5) < 0.4);
  const high = inside.filter((index) => frequenciesHertz[index]! > 1000);
  const low = inside.filter((index) => frequenciesHertz[index]! < 1000);
  expect(low.length).toBe(high.length);
  for (const index of low) expect(Math.abs(frequenciesHertz[index]! - 440.3)).toBeLessThan(0.3);
  for (const index of high) expect(Math.abs(frequenciesHertz[index]! - 2345.6)).toBeLessThan(0.3);
  expect(magnitudes[low[0]!]! / magnitudes[high[0]!]!).toBeCloseTo(10, 1);
});

test('linkTracks follows a partial, starts a new track at a leap, and links louder peaks first', () => {
  const peak = (frequencyHertz: number, magnitude = 1) => ({ frequencyHertz, magnitude });
  const tracks = linkTracks([[peak(100)], [peak(104)], [peak(108, 0.5), peak(111, 2)], [peak(200)]], 10);
  expect(
    tracks.map(({ firstFrame, peaks }) => [firstFrame, ...peaks.map(({ frequencyHertz }) => frequencyHertz)]),
  ).toEqual([
    [0, 100, 104, 111],
    [2, 108],
    [3, 200],
  ]);
});

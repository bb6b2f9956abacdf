import { describe, expect, test } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { InvertibleConstantQ } from '../../../engine/transform/InvertibleConstantQ.ts';

const random = new Random(3);
const noise = Float32Array.from({ length: 50_000 }, () => random.between(-1, 1));

describe.each([8000, 16_000, 44_100])('at %s Hz', (rate) => {
  test('reconstructs the signal to 1e-5', () => {
    const transform = new InvertibleConstantQ(rate, { sliceSeconds: 1 });
    const [same, half] = transform.process(noise, 2, (slice, [first, second]) => {
      first!.real.set(slice.real);
      first!.imaginary.set(slice.imaginary);
      second!.real.set(slice.real.map((value) => value / 2));
      second!.imaginary.set(slice.imaginary.map((value) => value / 2));
    });
    let largest = 0;
    noise.forEach((value, n) => {
      largest = Math.max(largest, Math.abs(same![n]! - value), Math.abs(2 * half![n]! - value));
    });
    expect(largest).toBeLessThan(1e-5);
  });
});

test('a sine is loudest in the band at its frequency, and white noise has the same level in all bands', () => {
  const rate = 16_000;
  const transform = new InvertibleConstantQ(rate);
  const hertz = 1234;
  const levels = (signal: Float32Array) => {
    const sums = new Float64Array(transform.frequenciesHertz.length);
    let slices = 0;
    transform.process(signal, 1, ({ real, imaginary, frames }) => {
      // The second slice lies completely within the signal; in its middle the window is at its maximum.
      if (slices++ !== 1) return;
      sums.forEach((_, band) => {
        for (let frame = Math.floor(0.4 * frames); frame < 0.6 * frames; frame++) {
          const index = band * frames + frame;
          sums[band]! += (real[index]! ** 2 + imaginary[index]! ** 2) * transform.scales[band]! ** 2;
        }
        sums[band]! /= 0.2 * frames;
      });
    });
    return sums;
  };
  const sine = levels(noise.map((_, n) => Math.sin((2 * Math.PI * hertz * n) / rate)));
  const loudest = sine.indexOf(Math.max(...sine));
  expect(Math.abs(transform.frequenciesHertz[loudest]! / hertz - 1)).toBeLessThan(0.015);
  const white = levels(noise);
  const inside = Array.from(white).slice(20, -2);
  const mean = inside.reduce((sum, level) => sum + level, 0) / inside.length;
  // Uniform samples have variance 1/3; levels are per hertz.
  expect((mean * rate) / (1 / 3)).toBeGreaterThan(0.85);
  expect((mean * rate) / (1 / 3)).toBeLessThan(1.1);
});

import { describe, expect, test } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { ComplexFft } from '../../../engine/transform/ComplexFft.ts';
import { InvertibleConstantQ } from '../../../engine/transform/InvertibleConstantQ.ts';

const random = new Random(3);
const noise = Float32Array.from({ length: 50_000 }, () => random.between(-1, 1));

describe.each([8000, 16_000, 44_100])('at %s Hz', (rate) => {
  test('gives back what it was given, to 1e-5', () => {
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

test('a sine is loudest in the band at its frequency, noise has one level in all bands', () => {
  const rate = 16_000;
  const transform = new InvertibleConstantQ(rate);
  const hertz = 1234;
  const levels = (signal: Float32Array) => {
    const sums = new Float64Array(transform.frequenciesHertz.length);
    let slices = 0;
    transform.process(signal, 1, ({ real, imaginary, frames }) => {
      // The second slice lies wholly within the signal; its middle has the window's full height.
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
  // Variance 1/3 of uniform samples, per hertz.
  expect((mean * rate) / (1 / 3)).toBeGreaterThan(0.85);
  expect((mean * rate) / (1 / 3)).toBeLessThan(1.1);
});

test('the complex transform is the definition', () => {
  const fft = new ComplexFft(8);
  const signal = Array.from({ length: 8 }, () => [random.between(-1, 1), random.between(-1, 1)] as const);
  signal.forEach(([real, imaginary], n) => {
    fft.real[n] = real;
    fft.imaginary[n] = imaginary;
  });
  fft.forward();
  for (let k = 0; k < 8; k++) {
    let real = 0;
    signal.forEach(([a, b], n) => {
      const angle = (-2 * Math.PI * k * n) / 8;
      real += a * Math.cos(angle) - b * Math.sin(angle);
    });
    expect(fft.real[k]).toBeCloseTo(real, 12);
  }
  fft.inverse();
  signal.forEach(([real, imaginary], n) => {
    expect(fft.real[n]).toBeCloseTo(real, 12);
    expect(fft.imaginary[n]).toBeCloseTo(imaginary, 12);
  });
  expect(() => new ComplexFft(12)).toThrow('size must be a power of two, got 12');
});

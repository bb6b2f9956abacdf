import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { KERNEL_VARIANTS, Kernel } from '../../../engine/kernel/Kernel.ts';
import { RealFft } from '../../../engine/kernel/RealFft.ts';

/** The discrete Fourier transform by its definition, in float64. */
function discreteFourierTransform(samples: Float32Array): Float64Array {
  const size = samples.length;
  const spectrum = new Float64Array(size + 2);
  for (let k = 0; k <= size / 2; k++) {
    for (let n = 0; n < size; n++) {
      const angle = (-2 * Math.PI * ((k * n) % size)) / size;
      spectrum[2 * k]! += samples[n]! * Math.cos(angle);
      spectrum[2 * k + 1]! += samples[n]! * Math.sin(angle);
    }
  }
  return spectrum;
}

/** Random samples of a size, and their transform: the same for every kernel. */
const cases = new Map<number, { readonly samples: Float32Array; readonly expected: Float64Array }>();
function caseOf(size: number) {
  const random = new Random(size);
  const samples = Float32Array.from({ length: size }, () => random.between(-1, 1));
  const each = cases.get(size) ?? { samples, expected: discreteFourierTransform(samples) };
  cases.set(size, each);
  return each;
}

function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < other.length; index++) {
    const difference = Math.abs(one[index]! - other[index]!);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

const named = [
  4, 6, 8, 10, 12, 16, 30, 50, 64, 250, 256, 270, 320, 512, 750, 1000, 1024, 1500, 1536, 2000, 2048, 2500, 3072,
];
const sizes = [...named, 4096, 4374, 6250, 8192];

describe.each(KERNEL_VARIANTS.filter((variant) => Kernel.runs(variant)))('RealFft (%s)', (variant) => {
  it.each(sizes)('equals the discrete Fourier transform at size %i, and its inverse restores the samples', (size) => {
    const fft = new RealFft(new Kernel(RealFft.requiredBytes(size), variant), size);
    const { samples, expected } = caseOf(size);
    fft.samples.set(samples);
    fft.forward();
    expect(largestDifference(fft.spectrum, expected) / Math.sqrt(size)).toBeLessThan(3e-6);
    fft.samples.fill(0);
    fft.inverse();
    expect(largestDifference(fft.samples, samples)).toBeLessThan(3e-6);
  });
});

describe.each(KERNEL_VARIANTS.filter((variant) => Kernel.runs(variant)))(
  'RealFft of training windows (%s)',
  (variant) => {
    it.each([10_000, 12_288, 15_000, 16_384])('finds a tone only in its own bin at size %i', (size) => {
      const fft = new RealFft(new Kernel(RealFft.requiredBytes(size), variant), size);
      for (const bin of [1, 7, size / 4 + 1, size / 2 - 1]) {
        for (let n = 0; n < size; n++) fft.samples[n] = Math.cos((2 * Math.PI * ((bin * n) % size)) / size + 0.3);
        fft.forward();
        const expected = new Float64Array(size + 2);
        expected[2 * bin] = (size * Math.cos(0.3)) / 2;
        expected[2 * bin + 1] = (size * Math.sin(0.3)) / 2;
        expect(largestDifference(fft.spectrum, expected) / size).toBeLessThan(1e-6);
      }
    });
  },
);

describe('RealFft sizes', () => {
  it('supports even sizes with factors 2, 3 and 5, and no others', () => {
    expect([256, 1000, 1500, 2000, 2500, 3072, 8192].every(RealFft.isSupportedSize)).toBe(true);
    expect([2, 3, 7, 14, 255, 1022, 1e9, 12.5, Number.NaN].some(RealFft.isSupportedSize)).toBe(false);
    expect(RealFft.nearestSupportedSize(2822)).toBe(2880);
    expect(RealFft.nearestSupportedSize(1024)).toBe(1024);
    expect(() => new RealFft(new Kernel(1 << 16), 14)).toThrow('got 14');
  });
});

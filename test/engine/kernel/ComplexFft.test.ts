import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { ComplexFft } from '../../../engine/kernel/ComplexFft.ts';

const random = new Random(3);

describe('ComplexFft', () => {
  it.each([1, 2, 8, 64])(
    'equals the discrete Fourier transform at size %i, and its inverse restores the input',
    (size) => {
      const fft = new ComplexFft(size);
      const signal = Array.from({ length: size }, () => [random.between(-1, 1), random.between(-1, 1)] as const);
      signal.forEach(([real, imaginary], n) => {
        fft.real[n] = real;
        fft.imaginary[n] = imaginary;
      });
      fft.forward();
      for (let k = 0; k < size; k++) {
        let real = 0;
        let imaginary = 0;
        signal.forEach(([a, b], n) => {
          const angle = (-2 * Math.PI * k * n) / size;
          real += a * Math.cos(angle) - b * Math.sin(angle);
          imaginary += a * Math.sin(angle) + b * Math.cos(angle);
        });
        expect(fft.real[k]).toBeCloseTo(real, 12);
        expect(fft.imaginary[k]).toBeCloseTo(imaginary, 12);
      }
      fft.inverse();
      signal.forEach(([real, imaginary], n) => {
        expect(fft.real[n]).toBeCloseTo(real, 12);
        expect(fft.imaginary[n]).toBeCloseTo(imaginary, 12);
      });
    },
  );

  it('rejects sizes that are not powers of two', () => {
    expect(() => new ComplexFft(12)).toThrow('size must be a power of two, got 12');
  });
});

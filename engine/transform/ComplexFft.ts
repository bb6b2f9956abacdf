import { InputError } from '../core/errors.ts';

/** Fourier transform of complex numbers in float64 for powers of two, in place; radix 2. Offline: bands of an invertible constant-Q. */
export class ComplexFft {
  /** [size] */
  readonly real: Float64Array;
  /** [size] */
  readonly imaginary: Float64Array;
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;

  /** @throws InputError unless size is a power of two */
  constructor(size: number) {
    if (!Number.isInteger(Math.log2(size))) throw new InputError(`size must be a power of two, got ${size}`);
    this.real = new Float64Array(size);
    this.imaginary = new Float64Array(size);
    this.cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sines = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  }

  /** X[k] = sum over n of x[n] e^(-2 pi i k n / size). */
  forward(): void {
    this.transform(-1);
  }

  /** Undoes `forward`. */
  inverse(): void {
    this.transform(1);
    const { real, imaginary } = this;
    for (let n = 0; n < real.length; n++) {
      real[n]! /= real.length;
      imaginary[n]! /= real.length;
    }
  }

  private transform(sign: 1 | -1): void {
    const { real, imaginary, cosines, sines } = this;
    const size = real.length;
    this.reverseBits();
    for (let span = 1; span < size; span *= 2) {
      const stride = size / (2 * span);
      for (let start = 0; start < size; start += 2 * span) {
        for (let k = 0; k < span; k++) {
          const cosine = cosines[k * stride]!;
          const sine = sign * sines[k * stride]!;
          const low = start + k;
          const high = low + span;
          const turnedReal = real[high]! * cosine - imaginary[high]! * sine;
          const turnedImaginary = real[high]! * sine + imaginary[high]! * cosine;
          real[high] = real[low]! - turnedReal;
          imaginary[high] = imaginary[low]! - turnedImaginary;
          real[low]! += turnedReal;
          imaginary[low]! += turnedImaginary;
        }
      }
    }
  }

  private reverseBits(): void {
    const { real, imaginary } = this;
    const size = real.length;
    for (let n = 1, mirror = 0; n < size; n++) {
      let bit = size >> 1;
      for (; (mirror & bit) !== 0; bit >>= 1) mirror ^= bit;
      mirror ^= bit;
      if (n >= mirror) continue;
      const swappedReal = real[n]!;
      real[n] = real[mirror]!;
      real[mirror] = swappedReal;
      const swappedImaginary = imaginary[n]!;
      imaginary[n] = imaginary[mirror]!;
      imaginary[mirror] = swappedImaginary;
    }
  }
}

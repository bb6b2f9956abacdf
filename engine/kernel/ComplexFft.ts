import { InputError } from '../core/errors.ts';

/**
 * Discrete Fourier transform of complex numbers in float64, in place, for powers of two: radix 2, decimation in time. In JavaScript, for
 * offline use where the kernel's float32 transform (`RealFft`) is not precise enough.
 */
export class ComplexFft {
  /** [size] input and output */
  readonly real: Float64Array;
  /** [size] input and output */
  readonly imaginary: Float64Array;
  /** [size / 2] cosine and sine of 2 pi k / size */
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  /** [size] bit-reversed indices */
  private readonly reversed: Uint32Array;

  /**
   * @param size power of two
   * @throws InputError for another size
   */
  constructor(size: number) {
    if (!Number.isInteger(Math.log2(size))) throw new InputError(`size must be a power of two, got ${size}`);
    this.real = new Float64Array(size);
    this.imaginary = new Float64Array(size);
    this.cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sines = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    this.reversed = new Uint32Array(size);
    for (let n = 1; n < size; n++) this.reversed[n] = (this.reversed[n >> 1]! >> 1) + (n & 1) * (size >> 1);
  }

  /** X[k] = sum over n of x[n] e^(-2 pi i k n / size), unnormalised. */
  forward(): void {
    this.transform(this.real, this.imaginary);
  }

  /** Inverse of `forward`, normalised by 1 / size. */
  inverse(): void {
    const { real, imaginary } = this;
    const scale = 1 / real.length;
    // The inverse transform equals the forward one with real and imaginary parts swapped.
    this.transform(imaginary, real);
    for (let n = 0; n < real.length; n++) {
      real[n]! *= scale;
      imaginary[n]! *= scale;
    }
  }

  private transform(real: Float64Array, imaginary: Float64Array): void {
    const { cosines, sines } = this;
    const size = real.length;
    this.reverseBits(real);
    this.reverseBits(imaginary);
    for (let span = 1; span < size; span *= 2) {
      const stride = size / (2 * span);
      for (let start = 0; start < size; start += 2 * span) {
        for (let k = 0, low = start, high = start + span; k < span; k++, low++, high++) {
          const cosine = cosines[k * stride]!;
          const sine = sines[k * stride]!;
          const turnedReal = real[high]! * cosine + imaginary[high]! * sine;
          const turnedImaginary = imaginary[high]! * cosine - real[high]! * sine;
          real[high] = real[low]! - turnedReal;
          imaginary[high] = imaginary[low]! - turnedImaginary;
          real[low]! += turnedReal;
          imaginary[low]! += turnedImaginary;
        }
      }
    }
  }

  private reverseBits(values: Float64Array): void {
    const { reversed } = this;
    for (let n = 1; n < values.length; n++) {
      const mirror = reversed[n]!;
      if (n >= mirror) continue;
      const swapped = values[n]!;
      values[n] = values[mirror]!;
      values[mirror] = swapped;
    }
  }
}

import { InputError, requireInteger } from '../core/errors.ts';
import type { Samples } from '../core/units.ts';

const MAXIMUM_SAMPLES = 2 ** 20;

/**
 * Fourier transform of real samples in float64, for powers of two: the metrics need more digits than the kernel's float32 has
 * (an SAR of 90 dB asks for errors under 1e-9 in energy). Radix 2 on half the size, in place of work arrays of its own.
 */
export class Float64Fft {
  readonly sizeSamples: Samples;
  /** [N] input of `forward`, output of `inverse`. */
  readonly samples: Float64Array;
  /** [2 * (N / 2 + 1)] interleaved re, im: output of `forward`, input of `inverse`. */
  readonly spectrum: Float64Array;
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  /** [N / 2] cosine and sine of 2 pi k / N. */
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  /** [N / 2] bit-reversed indices. */
  private readonly reversed: Uint32Array;

  /**
   * @param sizeSamples N, a power of two between 4 and 2^20
   * @throws InputError where it is another number
   */
  constructor(sizeSamples: Samples) {
    requireInteger('sizeSamples', sizeSamples, 4, MAXIMUM_SAMPLES);
    if (!Number.isInteger(Math.log2(sizeSamples))) {
      throw new InputError(`sizeSamples must be a power of two, got ${sizeSamples}`);
    }
    const half = sizeSamples / 2;
    this.sizeSamples = sizeSamples;
    this.samples = new Float64Array(sizeSamples);
    this.spectrum = new Float64Array(sizeSamples + 2);
    this.re = new Float64Array(half);
    this.im = new Float64Array(half);
    this.cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / sizeSamples));
    this.sin = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / sizeSamples));
    this.reversed = new Uint32Array(half);
    for (let n = 1; n < half; n++) this.reversed[n] = (this.reversed[n >> 1]! >> 1) + (n & 1) * (half >> 1);
  }

  /** Unnormalised: X[k] = sum x[n] e^(-2 pi i k n / N). */
  forward(): void {
    const { samples, spectrum, re, im, cos, sin, reversed } = this;
    const half = re.length;
    for (let n = 0; n < half; n++) {
      re[reversed[n]!] = samples[2 * n]!;
      im[reversed[n]!] = samples[2 * n + 1]!;
    }
    this.transform(re, im);
    spectrum[0] = re[0]! + im[0]!;
    spectrum[1] = 0;
    spectrum[2 * half] = re[0]! - im[0]!;
    spectrum[2 * half + 1] = 0;
    for (let k = 1; k < half; k++) {
      const mirror = half - k;
      const evenRe = re[k]! + re[mirror]!;
      const evenIm = im[k]! - im[mirror]!;
      const oddRe = im[k]! + im[mirror]!;
      const oddIm = re[mirror]! - re[k]!;
      spectrum[2 * k] = 0.5 * (evenRe + cos[k]! * oddRe + sin[k]! * oddIm);
      spectrum[2 * k + 1] = 0.5 * (evenIm + cos[k]! * oddIm - sin[k]! * oddRe);
    }
  }

  /** Normalised by 1 / N: inverse(forward(x)) = x. The imaginary parts at 0 and N / 2 are taken as 0. */
  inverse(): void {
    const { samples, spectrum, re, im, cos, sin, reversed } = this;
    const half = re.length;
    const scale = 1 / (2 * half);
    re[0] = scale * (spectrum[0]! + spectrum[2 * half]!);
    im[0] = scale * (spectrum[0]! - spectrum[2 * half]!);
    for (let k = 1; k < half; k++) {
      const mirror = 2 * (half - k);
      const evenRe = spectrum[2 * k]! + spectrum[mirror]!;
      const evenIm = spectrum[2 * k + 1]! - spectrum[mirror + 1]!;
      const turnedRe = spectrum[2 * k]! - spectrum[mirror]!;
      const turnedIm = spectrum[2 * k + 1]! + spectrum[mirror + 1]!;
      const oddRe = cos[k]! * turnedRe - sin[k]! * turnedIm;
      const oddIm = cos[k]! * turnedIm + sin[k]! * turnedRe;
      re[reversed[k]!] = scale * (evenRe - oddIm);
      im[reversed[k]!] = scale * (evenIm + oddRe);
    }
    // Real and imaginary part exchanged turn the forward transform into the inverse one.
    this.transform(im, re);
    for (let n = 0; n < half; n++) {
      samples[2 * n] = re[n]!;
      samples[2 * n + 1] = im[n]!;
    }
  }

  /** Complex transform of bit-reversed input, decimation in time. */
  private transform(re: Float64Array, im: Float64Array): void {
    const { cos, sin, sizeSamples } = this;
    const half = re.length;
    for (let size = 2; size <= half; size *= 2) {
      const wing = size / 2;
      const stride = sizeSamples / size;
      for (let start = 0; start < half; start += size) {
        for (let k = 0, upper = start, lower = start + wing; k < wing; k++, upper++, lower++) {
          const turnRe = cos[k * stride]!;
          const turnIm = sin[k * stride]!;
          const lowerRe = re[lower]! * turnRe + im[lower]! * turnIm;
          const lowerIm = im[lower]! * turnRe - re[lower]! * turnIm;
          re[lower] = re[upper]! - lowerRe;
          im[lower] = im[upper]! - lowerIm;
          re[upper]! += lowerRe;
          im[upper]! += lowerIm;
        }
      }
    }
  }
}

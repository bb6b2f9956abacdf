import { InputError, requireInteger } from '../core/errors.ts';
import type { Samples } from '../core/units.ts';
import { ComplexFft } from '../kernel/ComplexFft.ts';

const MAXIMUM_SAMPLES = 2 ** 20;

/**
 * Discrete Fourier transform of real signals in float64, for powers of two, through a complex transform of half the size. The metrics
 * need more precision than the kernel's float32 offers: an SAR of 90 dB requires errors under 1e-9 in energy.
 */
export class Float64Fft {
  readonly sizeSamples: Samples;
  /** [N] input of `forward`, output of `inverse` */
  readonly samples: Float64Array;
  /** [2 * (N / 2 + 1)] interleaved real and imaginary parts: output of `forward`, input of `inverse` */
  readonly spectrum: Float64Array;
  /** Of size N / 2: even samples as real, odd samples as imaginary parts. */
  private readonly fft: ComplexFft;
  /** [N / 2] cosine and sine of 2 pi k / N */
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;

  /**
   * @param sizeSamples N, a power of two from 4 to 2^20
   * @throws InputError for another size
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
    this.fft = new ComplexFft(half);
    this.cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / sizeSamples));
    this.sin = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / sizeSamples));
  }

  /** X[k] = sum over n of x[n] e^(-2 pi i k n / N), unnormalised. */
  forward(): void {
    const { samples, spectrum, fft, cos, sin } = this;
    const { real: re, imaginary: im } = fft;
    const half = re.length;
    for (let n = 0; n < half; n++) {
      re[n] = samples[2 * n]!;
      im[n] = samples[2 * n + 1]!;
    }
    fft.forward();
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

  /** Inverse of `forward`, normalised by 1 / N. The imaginary parts at 0 and N / 2 are ignored. */
  inverse(): void {
    const { samples, spectrum, fft, cos, sin } = this;
    const { real: re, imaginary: im } = fft;
    const half = re.length;
    re[0] = 0.5 * (spectrum[0]! + spectrum[2 * half]!);
    im[0] = 0.5 * (spectrum[0]! - spectrum[2 * half]!);
    for (let k = 1; k < half; k++) {
      const mirror = 2 * (half - k);
      const evenRe = spectrum[2 * k]! + spectrum[mirror]!;
      const evenIm = spectrum[2 * k + 1]! - spectrum[mirror + 1]!;
      const turnedRe = spectrum[2 * k]! - spectrum[mirror]!;
      const turnedIm = spectrum[2 * k + 1]! + spectrum[mirror + 1]!;
      const oddRe = cos[k]! * turnedRe - sin[k]! * turnedIm;
      const oddIm = cos[k]! * turnedIm + sin[k]! * turnedRe;
      re[k] = 0.5 * (evenRe - oddIm);
      im[k] = 0.5 * (evenIm + oddRe);
    }
    fft.inverse();
    for (let n = 0; n < half; n++) {
      samples[2 * n] = re[n]!;
      samples[2 * n + 1] = im[n]!;
    }
  }
}

import { requireNumber } from '../core/errors.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import { ComplexFft } from '../kernel/ComplexFft.ts';

export interface InvertibleConstantQOptions {
  /** @default 24 */
  readonly binsPerOctave?: number;
  /** Minimum spacing of bands: they are evenly spaced below about 500 Hz, and would otherwise ring for seconds. @default 15 */
  readonly leastSpacingHertz?: Hertz;
  /** Length of a slice, rounded to a power of two of samples. @default 2 */
  readonly sliceSeconds?: Seconds;
}

/** One band: a range of bins of the spectrum of a slice. */
interface Band {
  readonly firstBin: number;
  /** [bins of the band] frequency response, >= 0 */
  readonly response: Float64Array;
}

/** Coefficients of one slice, at the same rate in all bands. Valid until the next slice. */
export interface ConstantQSlice {
  readonly frames: number;
  /** [bands x frames] */
  readonly real: Float64Array;
  /** [bands x frames] */
  readonly imaginary: Float64Array;
}

/**
 * Constant-Q transform with perfect reconstruction: a non-stationary Gabor frame (P. Balazs et al., "Theory, implementation and
 * applications of nonstationary Gabor frames", J. Comput. Appl. Math. 2011) on slices that overlap by half (N. Holighaus et al., "A
 * framework for invertible, real-time constant-Q transforms", IEEE TASLP 2013). Responses are quarter cosines between neighbouring
 * centres, so that their squares sum to 1: a tight frame, which is its own inverse. All bands have the same rate, so that a slice is a
 * matrix.
 */
export class InvertibleConstantQ {
  /** [bands] centre frequencies, from 0 to half the sample rate */
  readonly frequenciesHertz: Float64Array;
  /** [bands] duration of the sine window with the noise bandwidth of the band */
  readonly durationsSeconds: Float64Array;
  /** [bands] factors that convert |coefficient| to a magnitude as defined in `TimeFrequencyPoints` */
  readonly scales: Float64Array;
  readonly sliceSamples: Samples;
  private readonly bands: readonly Band[];
  private readonly fft: ComplexFft;
  private readonly bandFft: ComplexFft;
  private readonly window: Float64Array;

  /** @throws InputError for options out of range */
  constructor(sampleRateHertz: Hertz, options: InvertibleConstantQOptions = {}) {
    const { binsPerOctave = 24, leastSpacingHertz = 15, sliceSeconds = 2 } = options;
    requireNumber('binsPerOctave', binsPerOctave, 1, 192);
    requireNumber('leastSpacingHertz', leastSpacingHertz, 1, sampleRateHertz / 8);
    requireNumber('sliceSeconds', sliceSeconds, 0.25, 20);
    this.sliceSamples = 2 ** Math.round(Math.log2(sliceSeconds * sampleRateHertz));
    this.frequenciesHertz = bandCentres(sampleRateHertz / 2, binsPerOctave, leastSpacingHertz);
    const binHertz = sampleRateHertz / this.sliceSamples;
    this.bands = bandResponses(this.frequenciesHertz, binHertz);
    const widest = this.bands.reduce((most, { response }) => Math.max(most, response.length), 1);
    this.fft = new ComplexFft(this.sliceSamples);
    this.bandFft = new ComplexFft(2 ** Math.ceil(Math.log2(widest)));
    this.window = Float64Array.from({ length: this.sliceSamples }, (_, n) =>
      Math.sin((Math.PI * (n + 0.5)) / this.sliceSamples),
    );
    const energies = this.bands.map(({ response }) => response.reduce((sum, value) => sum + value * value, 0));
    this.scales = Float64Array.from(
      energies,
      (energy) => this.frames / Math.sqrt(this.sliceSamples * energy * sampleRateHertz),
    );
    this.durationsSeconds = Float64Array.from(energies, (energy) => Math.PI ** 2 / 8 / (energy * binHertz));
  }

  /** Number of coefficients of each band in a slice. */
  get frames(): number {
    return this.bandFft.real.length;
  }

  /**
   * Analyses a signal slice by slice and synthesises output signals from modified slices.
   * @param outputs number of output signals
   * @param change called with a slice of the signal and the [outputs] slices to be filled; all are valid until it returns
   * @returns [outputs][samples] each as long as the signal
   */
  process(
    signal: Float32Array,
    outputs: number,
    change: (slice: ConstantQSlice, outputs: readonly ConstantQSlice[]) => void,
  ): Float32Array[] {
    const { sliceSamples, window, fft } = this;
    const hop = sliceSamples / 2;
    const slice = this.emptySlice();
    const slices = Array.from({ length: outputs }, () => this.emptySlice());
    const changed = slices.map((output) => ({ output, sum: new Float64Array(signal.length) }));
    for (let start = -hop; start < signal.length; start += hop) {
      for (let n = 0; n < sliceSamples; n++) fft.real[n] = (signal[start + n] ?? 0) * window[n]!;
      fft.imaginary.fill(0);
      fft.forward();
      this.analyse(slice);
      change(slice, slices);
      for (const { output, sum } of changed) {
        this.synthesize(output);
        const first = Math.max(0, -start);
        const last = Math.min(sliceSamples, signal.length - start);
        for (let n = first; n < last; n++) sum[start + n]! += fft.real[n]! * window[n]!;
      }
    }
    return changed.map(({ sum }) => Float32Array.from(sum));
  }

  private emptySlice(): ConstantQSlice {
    const length = this.bands.length * this.frames;
    return { frames: this.frames, real: new Float64Array(length), imaginary: new Float64Array(length) };
  }

  /** Computes the coefficients of all bands from the spectrum in `fft`. */
  private analyse(slice: ConstantQSlice): void {
    const { fft, bandFft, frames } = this;
    this.bands.forEach(({ firstBin, response }, band) => {
      bandFft.real.fill(0);
      bandFft.imaginary.fill(0);
      for (let n = 0; n < response.length; n++) {
        const place = (firstBin + n) % frames;
        bandFft.real[place] = fft.real[firstBin + n]! * response[n]!;
        bandFft.imaginary[place] = fft.imaginary[firstBin + n]! * response[n]!;
      }
      bandFft.inverse();
      slice.real.set(bandFft.real, band * frames);
      slice.imaginary.set(bandFft.imaginary, band * frames);
    });
  }

  /** Computes the samples of a slice, in `fft.real`, from its coefficients. */
  private synthesize(slice: ConstantQSlice): void {
    const { fft, bandFft, frames, sliceSamples } = this;
    fft.real.fill(0);
    fft.imaginary.fill(0);
    this.bands.forEach(({ firstBin, response }, band) => {
      bandFft.real.set(slice.real.subarray(band * frames, (band + 1) * frames));
      bandFft.imaginary.set(slice.imaginary.subarray(band * frames, (band + 1) * frames));
      bandFft.forward();
      for (let n = 0; n < response.length; n++) {
        const place = (firstBin + n) % frames;
        fft.real[firstBin + n]! += bandFft.real[place]! * response[n]!;
        fft.imaginary[firstBin + n]! += bandFft.imaginary[place]! * response[n]!;
      }
    });
    // The spectrum of a real signal is conjugate symmetric.
    for (let bin = 1; bin < sliceSamples / 2; bin++) {
      fft.real[sliceSamples - bin] = fft.real[bin]!;
      fft.imaginary[sliceSamples - bin] = -fft.imaginary[bin]!;
    }
    fft.imaginary[0] = 0;
    fft.imaginary[sliceSamples / 2] = 0;
    fft.inverse();
  }
}

/** Centre frequencies from 0 to the highest: evenly spaced at first, then geometrically. */
function bandCentres(highestHertz: Hertz, binsPerOctave: number, leastSpacingHertz: Hertz): Float64Array {
  const centres: number[] = [];
  for (let last = 0; ; ) {
    centres.push(last);
    const next = last + Math.max(leastSpacingHertz, last * (2 ** (1 / binsPerOctave) - 1));
    // The last step may be up to 1.5 times as long as regular, so that it is never very short.
    if (next + (next - last) / 2 > highestHertz) return Float64Array.from([...centres, highestHertz]);
    last = next;
  }
}

function bandResponses(centres: Float64Array, binHertz: Hertz): Band[] {
  return Array.from(centres, (centre, index) => {
    const below = centres[index - 1] ?? centre;
    const above = centres[index + 1] ?? centre;
    const firstBin = Math.ceil(below / binHertz);
    const lastBin = Math.floor(above / binHertz);
    const response = Float64Array.from({ length: lastBin - firstBin + 1 }, (_, n) => {
      const hertz = (firstBin + n) * binHertz;
      const distance = hertz < centre ? (centre - hertz) / (centre - below) : (hertz - centre) / (above - centre || 1);
      return Math.cos((Math.PI / 2) * distance);
    });
    return { firstBin, response };
  });
}

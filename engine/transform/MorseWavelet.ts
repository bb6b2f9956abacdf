import { InputError, requireNumber } from '../core/errors.ts';
import type { Hertz, Seconds } from '../core/units.ts';
import { addBand, type FilterBand, octaveFrequencies, octaveWidthHertz } from './FilterBand.ts';
import { PointCollector, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
import type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';

export interface MorseWaveletOptions {
  /** Symmetry parameter gamma, 1 to 10; wavelets are most symmetric at 3. @default 3 */
  readonly symmetry?: number;
  /** Order beta, 1 to 1000: the number of oscillations grows with sqrt(beta * gamma). @default 20 */
  readonly order?: number;
  /** @default 50 */
  readonly minimumHertz?: Hertz;
  /** @default 0.4 of the sample rate: the spectra of higher wavelets would extend beyond half of it */
  readonly maximumHertz?: Hertz;
  /** @default 12 */
  readonly binsPerOctave?: number;
  /** Hops per duration of a wavelet, which is sqrt(beta * gamma) / pi periods. @default 3 */
  readonly hopsPerDuration?: number;
  /** Minimum hop: limits the number of points of the highest wavelets, which grows with frequency. @default 0 */
  readonly shortestHopSeconds?: Seconds;
}

/** Size of the table from which the envelope is interpolated at each scale, with an error of 1e-6. */
const TABLE_LENGTH = 4096;
/** Steps of the integral over frequency; converges exponentially, since the integrand is smooth and vanishes at both ends. */
const INTEGRAL_STEPS = 400;
/** Relative level at which spectrum and envelope are truncated. */
const CUT = 1e-4;

/**
 * Continuous wavelet transform with generalised Morse wavelets, spectrum w^beta e^(-w^gamma) for w > 0 (J. M. Lilly, S. C. Olhede,
 * "Generalized Morse wavelets as a superfamily of analytic wavelets", IEEE Trans. Signal Processing 2012), with a hop of its own for each
 * scale.
 */
export class MorseWavelet implements TimeFrequencyTransform {
  readonly name = 'morse-wavelet';
  private readonly options: MorseWaveletOptions;
  private readonly mother: MotherWavelet;

  constructor(options: MorseWaveletOptions = {}) {
    this.options = options;
    const { symmetry = 3, order = 20 } = options;
    requireNumber('symmetry', symmetry, 1, 10);
    requireNumber('order', order, 1, 1000);
    this.mother = new MotherWavelet(symmetry, order);
  }

  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints {
    const { minimumHertz = 50, maximumHertz = 0.4 * sampleRateHertz, binsPerOctave = 12 } = this.options;
    if (!(minimumHertz > 0 && minimumHertz < maximumHertz && maximumHertz <= sampleRateHertz / 2)) {
      throw new InputError(
        `wavelet frequencies must satisfy 0 < minimum < maximum <= ${sampleRateHertz / 2} Hz, got ${minimumHertz} and ${maximumHertz}`,
      );
    }
    const collector = new PointCollector();
    for (const frequencyHertz of octaveFrequencies(minimumHertz, maximumHertz, binsPerOctave)) {
      addBand(collector, signal, sampleRateHertz, this.band(frequencyHertz, binsPerOctave, sampleRateHertz));
    }
    return collector.points();
  }

  private band(frequencyHertz: Hertz, binsPerOctave: number, rate: Hertz): FilterBand {
    const { mother } = this;
    const reachSamples = Math.ceil((mother.reachPeriods / frequencyHertz) * rate);
    const real = new Float32Array(2 * reachSamples + 1);
    const imaginary = new Float32Array(2 * reachSamples + 1);
    for (let n = 0; n < real.length; n++) {
      // Conjugate, because the kernel is correlated with the signal.
      const periods = ((n - reachSamples) / rate) * frequencyHertz;
      const [envelopeReal, envelopeImaginary] = mother.envelope(periods);
      const cosine = Math.cos(2 * Math.PI * periods);
      const sine = Math.sin(2 * Math.PI * periods);
      real[n] = envelopeReal * cosine - envelopeImaginary * sine;
      imaginary[n] = -(envelopeReal * sine + envelopeImaginary * cosine);
    }
    const durationSamples = (mother.durationPeriods / frequencyHertz) * rate;
    const { hopsPerDuration = 3, shortestHopSeconds = 0 } = this.options;
    const hopSamples = Math.max(
      1,
      Math.floor(durationSamples / hopsPerDuration),
      Math.round(shortestHopSeconds * rate),
    );
    return {
      frequencyHertz,
      widthHertz: octaveWidthHertz(frequencyHertz, binsPerOctave),
      real,
      imaginary,
      hopSamples,
    };
  }
}

/** Complex envelope of the wavelet, demodulated by its peak frequency, over time in periods of that frequency. */
class MotherWavelet {
  /** Half of the truncated length. */
  readonly reachPeriods: number;
  readonly durationPeriods: number;
  private readonly table: Float64Array;
  private readonly stepPeriods: number;

  constructor(symmetry: number, order: number) {
    this.durationPeriods = Math.sqrt(order * symmetry) / Math.PI;
    this.stepPeriods = (8 * this.durationPeriods) / TABLE_LENGTH;
    const response = integrand(symmetry, order);
    this.table = new Float64Array(2 * (TABLE_LENGTH + 1));
    let reach = 0;
    let peak = 0;
    for (let index = 0; index <= TABLE_LENGTH; index++) {
      const periods = index * this.stepPeriods;
      let real = 0;
      let imaginary = 0;
      for (const { ratio, value } of response) {
        const angle = 2 * Math.PI * (ratio - 1) * periods;
        real += value * Math.cos(angle);
        imaginary += value * Math.sin(angle);
      }
      this.table[2 * index] = real;
      this.table[2 * index + 1] = imaginary;
      if (index === 0) peak = real;
      if (Math.hypot(real, imaginary) > CUT * peak) reach = index + 1;
    }
    this.reachPeriods = Math.min(TABLE_LENGTH, reach) * this.stepPeriods;
  }

  /** @returns [real, imaginary]: an even and an odd function of time, because the spectrum is real */
  envelope(periods: number): readonly [number, number] {
    const position = Math.min(TABLE_LENGTH, Math.abs(periods) / this.stepPeriods);
    const index = Math.min(TABLE_LENGTH - 1, Math.floor(position));
    const fraction = position - index;
    const real = this.table[2 * index]! * (1 - fraction) + this.table[2 * index + 2]! * fraction;
    const imaginary = this.table[2 * index + 1]! * (1 - fraction) + this.table[2 * index + 3]! * fraction;
    return [real, Math.sign(periods) * imaginary];
  }
}

/** Samples of the spectrum over the ratio to its peak frequency (beta / gamma)^(1 / gamma), scaled to 1 at the peak. */
function integrand(symmetry: number, order: number): { readonly ratio: number; readonly value: number }[] {
  const value = (ratio: number) => Math.exp((order / symmetry) * (1 - ratio ** symmetry) + order * Math.log(ratio));
  let highest = 1;
  while (value(highest) > CUT ** 2) highest += 0.02;
  return Array.from({ length: INTEGRAL_STEPS }, (_, step) => {
    const ratio = ((step + 0.5) / INTEGRAL_STEPS) * highest;
    return { ratio, value: value(ratio) };
  });
}

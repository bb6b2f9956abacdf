import { InputError, requireNumber } from '../core/errors.ts';
import type { Hertz, Seconds } from '../core/units.ts';
import { sineWindow } from '../stft/window.ts';
import { addBand, type FilterBand, octaveFrequencies, octaveWidthHertz } from './FilterBand.ts';
import { PointCollector, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
import type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';

export interface ConstantQOptions {
  /** @default 50 */
  readonly minimumHertz?: Hertz;
  /** @default 0.475 of the sample rate */
  readonly maximumHertz?: Hertz;
  /** @default 24 */
  readonly binsPerOctave?: number;
  /** Maximum length of a window: Q is reduced at low frequencies, where notes would otherwise blur. @default 0.25 */
  readonly longestWindowSeconds?: Seconds;
  /** Hops per window length. @default 4 */
  readonly hopsPerWindow?: number;
}

/** Shorter windows would have no usable shape. */
const SHORTEST_WINDOW_SAMPLES = 8;

/**
 * Constant-Q transform (J. C. Brown, "Calculation of a constant Q spectral transform", JASA 1991) with a sine window and a hop of its own
 * for each bin, so that points are irregular in time: high bins have many, low bins few. The responses of neighbouring bins intersect at
 * -3 dB or above.
 */
export class ConstantQ implements TimeFrequencyTransform {
  readonly name: string;
  private readonly options: ConstantQOptions;
  private readonly binsPerOctave: number;

  constructor(options: ConstantQOptions = {}) {
    this.options = options;
    this.binsPerOctave = options.binsPerOctave ?? 24;
    requireNumber('binsPerOctave', this.binsPerOctave, 1, 192);
    this.name = `constant-q-${this.binsPerOctave}`;
  }

  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints {
    const collector = new PointCollector();
    for (const band of this.bands(sampleRateHertz)) addBand(collector, signal, sampleRateHertz, band);
    return collector.points();
  }

  private *bands(rate: Hertz): Generator<FilterBand> {
    const { binsPerOctave } = this;
    const { minimumHertz = 50, longestWindowSeconds = 0.25, hopsPerWindow = 4 } = this.options;
    const maximumHertz = this.options.maximumHertz ?? 0.475 * rate;
    if (!(minimumHertz > 0 && minimumHertz < maximumHertz && maximumHertz <= rate / 2)) {
      throw new InputError(
        `constant-Q frequencies must satisfy 0 < minimum < maximum <= ${rate / 2} Hz, got ${minimumHertz} and ${maximumHertz}`,
      );
    }
    const q = 1 / (2 ** (0.5 / binsPerOctave) - 2 ** (-0.5 / binsPerOctave));
    for (const frequencyHertz of octaveFrequencies(minimumHertz, maximumHertz, binsPerOctave)) {
      const seconds = Math.min(longestWindowSeconds, q / frequencyHertz);
      const samples = Math.max(SHORTEST_WINDOW_SAMPLES, Math.round(seconds * rate));
      const window = sineWindow(samples);
      const angle = (n: number) => (2 * Math.PI * frequencyHertz * (n - (samples - 1) / 2)) / rate;
      yield {
        frequencyHertz,
        widthHertz: octaveWidthHertz(frequencyHertz, binsPerOctave),
        real: window.map((value, n) => value * Math.cos(angle(n))),
        imaginary: window.map((value, n) => -value * Math.sin(angle(n))),
        hopSamples: Math.max(1, Math.floor(samples / hopsPerWindow)),
      };
    }
  }
}

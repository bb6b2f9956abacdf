import type { Hertz, Samples, Seconds } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';

export const COLUMNS_PER_SECOND = 50;
export const OVERVIEW_BANDS = 48;
/** Lowest and highest sample, then the bands. */
export const COLUMN_BYTES = 2 + OVERVIEW_BANDS;

const LOWEST_HERTZ: Hertz = 60;
const HIGHEST_HERTZ: Hertz = 8000;
/** Separates the harmonics of low voices. */
const WINDOW_SECONDS: Seconds = 0.064;
const FLOOR_DECIBELS = -90;
/** Samples that are taken in at once. */
const BLOCK_SAMPLES: Samples = 16_384;

/** Bins `first` to `last`; of a band that is narrower than a bin, `share` is how far its centre lies from `first` to `last`. */
interface Band {
  readonly first: number;
  readonly last: number;
  readonly share: number | null;
}

/**
 * Turns a recording into columns of `1 / COLUMNS_PER_SECOND`, each of `COLUMN_BYTES`: lowest and highest sample as signed bytes (127: full
 * scale), then the level of each frequency band (0: -90 dB or less, 255: 0 dB, a sine at full scale). Bands are spaced logarithmically from
 * 60 Hz to 8 kHz; those above half the sample rate are 0. Needs constant memory.
 */
export class OverviewColumns {
  private readonly sampleRateHertz: Hertz;
  private readonly windowSamples: Samples;
  private readonly window: Float32Array;
  private readonly fft: RealFft;
  private readonly bands: readonly Band[];
  /** [bins] of the present column, 1: a sine at full scale */
  private readonly powers: Float32Array;
  /** Samples from `heldStart` on, of which `filled` are there. */
  private readonly held: Float32Array;
  private heldStart: Samples;
  private filled: Samples;
  private samples: Samples = 0;
  private columns = 0;

  constructor(sampleRateHertz: Hertz) {
    this.sampleRateHertz = sampleRateHertz;
    const windowSamples = RealFft.nearestSupportedSize(WINDOW_SECONDS * sampleRateHertz);
    this.windowSamples = windowSamples;
    const hann = Float32Array.from(
      { length: windowSamples },
      (_, n) => Math.sin((Math.PI * (n + 0.5)) / windowSamples) ** 2,
    );
    const gain = 2 / hann.reduce((sum, weight) => sum + weight, 0);
    this.window = hann.map((weight) => gain * weight);
    this.fft = new RealFft(new Kernel(RealFft.requiredBytes(windowSamples)), windowSamples);
    this.powers = new Float32Array(windowSamples / 2 + 1);
    this.bands = bandsOf(sampleRateHertz / windowSamples, windowSamples / 2);
    this.held = new Float32Array(windowSamples + BLOCK_SAMPLES);
    // Silence before the recording, for the windows of the first columns.
    this.heldStart = -windowSamples;
    this.filled = windowSamples;
  }

  /** @param samples the next ones, any number @returns [columns x COLUMN_BYTES] that are complete */
  add(samples: Float32Array): Uint8Array {
    const bytes: number[] = [];
    for (let offset = 0; offset < samples.length; ) {
      const part = samples.subarray(offset, offset + this.held.length - this.filled);
      this.samples += part.length;
      this.take(part, bytes);
      offset += part.length;
    }
    return Uint8Array.from(bytes);
  }

  /** @returns [columns x COLUMN_BYTES] the last ones; no samples can follow */
  finish(): Uint8Array {
    const bytes: number[] = [];
    const end = this.samples;
    // Silence after the recording, for the windows of the last columns.
    while (this.startOf(this.columns) < end) this.take(new Float32Array(this.windowSamples), bytes);
    return Uint8Array.from(bytes);
  }

  /** Takes samples in and measures the columns whose windows they complete. */
  private take(samples: Float32Array, bytes: number[]): void {
    this.held.set(samples, this.filled);
    this.filled += samples.length;
    const end = this.heldStart + this.filled;
    for (; this.startOf(this.columns) < this.samples && this.windowStart(this.columns) + this.windowSamples <= end; )
      this.measure(this.columns++, bytes);
    const unused = Math.max(0, Math.min(this.windowStart(this.columns) - this.heldStart, this.filled));
    this.held.copyWithin(0, unused, this.filled);
    this.heldStart += unused;
    this.filled -= unused;
  }

  private startOf(column: number): Samples {
    return Math.round((column * this.sampleRateHertz) / COLUMNS_PER_SECOND);
  }

  /** The window is centred on the middle of the column. */
  private windowStart(column: number): Samples {
    return Math.round((this.startOf(column) + this.startOf(column + 1) - this.windowSamples) / 2);
  }

  private measure(column: number, bytes: number[]): void {
    const { held, heldStart } = this;
    const start = this.startOf(column);
    const end = Math.min(this.startOf(column + 1), this.samples);
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let n = start - heldStart; n < end - heldStart; n++) {
      const sample = held[n]!;
      if (sample < lowest) lowest = sample;
      if (sample > highest) highest = sample;
    }
    bytes.push(signedByte(lowest), signedByte(highest));
    this.transform(this.windowStart(column) - heldStart);
    for (const { first, last, share } of this.bands) bytes.push(levelByte(this.bandPower(first, last, share)));
  }

  private transform(offset: Samples): void {
    const { samples, spectrum } = this.fft;
    for (let n = 0; n < this.windowSamples; n++) samples[n] = this.held[offset + n]! * this.window[n]!;
    this.fft.forward();
    for (let bin = 0; bin < this.powers.length; bin++)
      this.powers[bin] = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
  }

  private bandPower(first: number, last: number, share: number | null): number {
    const { powers } = this;
    if (share !== null) return (1 - share) * (powers[first] ?? 0) + share * (powers[last] ?? 0);
    let largest = 0;
    for (let bin = first; bin <= last; bin++) largest = Math.max(largest, powers[bin] ?? 0);
    return largest;
  }
}

/** @param lastBin at half the sample rate */
function bandsOf(binHertz: Hertz, lastBin: number): Band[] {
  const ratio = (HIGHEST_HERTZ / LOWEST_HERTZ) ** (1 / OVERVIEW_BANDS);
  return Array.from({ length: OVERVIEW_BANDS }, (_, band) => {
    const low = (LOWEST_HERTZ * ratio ** band) / binHertz;
    const high = low * ratio;
    const [first, last] = [Math.ceil(low), Math.min(lastBin, Math.ceil(high) - 1)];
    // Above half the sample rate there are no bins.
    if (first <= last || low > lastBin) return { first, last, share: null };
    const centre = Math.sqrt(low * high);
    return { first: Math.floor(centre), last: Math.floor(centre) + 1, share: centre - Math.floor(centre) };
  });
}

function signedByte(sample: number): number {
  return Math.max(-127, Math.min(127, Math.round(127 * sample))) & 0xff;
}

function levelByte(power: number): number {
  const decibels = 10 * Math.log10(power);
  return Math.max(0, Math.min(255, Math.round(255 * (1 - decibels / FLOOR_DECIBELS))));
}

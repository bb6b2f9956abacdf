import type { Hertz } from '../core/units.ts';

/**
 * Corner frequency. Far below speech: at 80 Hz the phase shifts by 2 degrees and the level falls by 0.003 dB. A step of the offset decays
 * within 0.2 s.
 */
const CORNER_HERTZ: Hertz = 3;
/** The offset is estimated from so much of the first block, so that a recording with an offset does not begin with a click. */
const START_SECONDS = 0.1;

/**
 * Offsets from here on are removed from recordings. Smaller ones do not change what is learnt; presets that were learnt with one, such as
 * those of the demo, recognise their voice by it.
 */
const SMALLEST_REMOVED_OFFSET = 0.005;

/**
 * Removes the constant part of a signal (DC) with a first-order high-pass: y = x - mean, where the mean follows x with a time constant of
 * 53 ms. What is removed can be read, so that outputs can still sum to the input.
 */
export class DcBlocker {
  private readonly sampleRateHertz: Hertz;
  private readonly share: number;
  private mean: number | null = null;

  constructor(sampleRateHertz: Hertz) {
    this.sampleRateHertz = sampleRateHertz;
    this.share = 1 - Math.exp((-2 * Math.PI * CORNER_HERTZ) / sampleRateHertz);
  }

  /** @param offset constant part of a recording (DC) @returns null: it is so small that it is kept */
  static forOffset(offset: number, sampleRateHertz: Hertz): DcBlocker | null {
    return Math.abs(offset) < SMALLEST_REMOVED_OFFSET ? null : new DcBlocker(sampleRateHertz);
  }

  /**
   * @param samples overwritten with the signal without its constant part
   * @param removed [samples] overwritten with the constant part @default not kept
   */
  process(samples: Float32Array, removed?: Float32Array): void {
    let mean = this.mean ?? this.firstMean(samples);
    const { share } = this;
    for (let n = 0; n < samples.length; n++) {
      const sample = samples[n]!;
      mean += share * (sample - mean);
      if (removed !== undefined) removed[n] = mean;
      samples[n] = sample - mean;
    }
    if (samples.length > 0) this.mean = mean;
  }

  private firstMean(samples: Float32Array): number {
    const count = Math.min(samples.length, Math.round(START_SECONDS * this.sampleRateHertz));
    let sum = 0;
    for (let n = 0; n < count; n++) sum += samples[n]!;
    return count === 0 ? 0 : sum / count;
  }
}

import { LOUDEST_INPUT } from '../core/limits.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';

/** Time constant of the mean: an offset is constant, while breath and handling of a microphone sway for a second or two. */
const MEAN_SECONDS: Seconds = 10;
/** The mean is trusted after so much of the input. */
const START_SECONDS: Seconds = 2;
/** Duration of the ramp with which the removal begins and ends. */
const RAMP_SECONDS: Seconds = 0.1;
/**
 * Offset from which it is removed, and below which it is left again. Presets learnt with a small one recognise their voice by it: the mean
 * of the bundled mixture is 0.003.
 */
const REMOVED_OFFSET = 0.01;
const KEPT_OFFSET = 0.007;

/**
 * Removes a large constant offset (DC) from a live input: subtracts the mean, which follows the signal with a time constant of 10 s, while
 * it is large. A smaller offset stays, so that the signal is unchanged then.
 * @thread device. Only the constructor allocates.
 */
export class OffsetRemover {
  private readonly meanSamples: Samples;
  private readonly startSamples: Samples;
  private readonly rampStep: number;
  private mean = 0;
  /** Samples that the mean weights equally, up to `meanSamples`. */
  private seen: Samples = 0;
  private isRemoving = false;
  /** Share of the mean that is subtracted, 0 to 1. */
  private share = 0;

  constructor(sampleRateHertz: Hertz) {
    this.meanSamples = Math.max(1, Math.round(MEAN_SECONDS * sampleRateHertz));
    this.startSamples = Math.max(1, Math.round(START_SECONDS * sampleRateHertz));
    this.rampStep = 1 / Math.max(1, Math.round(RAMP_SECONDS * sampleRateHertz));
  }

  /**
   * @param samples [count * channels] interleaved; one channel of them is overwritten
   * @param channel of `channels`
   */
  process(samples: Float32Array, count: Samples, channel = 0, channels = 1): void {
    for (let n = channel; n < count * channels; n += channels) {
      const sample = samples[n]!;
      if (Math.abs(sample) <= LOUDEST_INPUT) this.follow(sample);
      if (this.isRemoving) this.share = Math.min(1, this.share + this.rampStep);
      else if (this.share > 0) this.share = Math.max(0, this.share - this.rampStep);
      if (this.share > 0) samples[n] = sample - this.share * this.mean;
    }
  }

  private follow(sample: number): void {
    if (this.seen < this.meanSamples) this.seen++;
    this.mean += (sample - this.mean) / this.seen;
    if (this.seen < this.startSamples) return;
    const offset = Math.abs(this.mean);
    this.isRemoving = offset >= (this.isRemoving ? KEPT_OFFSET : REMOVED_OFFSET);
  }
}

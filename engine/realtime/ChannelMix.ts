import type { Hertz, Samples, Seconds } from '../core/units.ts';

/** Duration of the ramp from one set of weights to another: too slow for a click. */
const RAMP_SECONDS: Seconds = 0.05;

/** Weighted sum of interleaved channels. @thread device. Only the constructor allocates. */
export class ChannelMix {
  readonly channels: number;
  private readonly rampSamples: Samples;
  /** [channels] */
  private readonly weights: Float64Array;
  private readonly targets: Float64Array;
  private readonly steps: Float64Array;
  private rampLeft: Samples = 0;

  /** @param weights [channels] */
  constructor(weights: readonly number[], sampleRateHertz: Hertz) {
    this.channels = weights.length;
    this.rampSamples = Math.max(1, Math.round(RAMP_SECONDS * sampleRateHertz));
    this.weights = Float64Array.from(weights);
    this.targets = Float64Array.from(weights);
    this.steps = new Float64Array(weights.length);
  }

  /** Changes the weights gradually, from the next block on. @param weights [channels] */
  setWeights(weights: readonly number[]): void {
    this.rampLeft = this.rampSamples;
    for (let channel = 0; channel < this.channels; channel++) {
      this.targets[channel] = weights[channel]!;
      this.steps[channel] = (this.targets[channel]! - this.weights[channel]!) / this.rampSamples;
    }
  }

  /**
   * @param samples [frames * channels] interleaved
   * @param mono [frames] overwritten from its start
   */
  process(samples: Float32Array, frames: Samples, mono: Float32Array): void {
    const { channels, weights } = this;
    for (let n = 0; n < frames; n++) {
      if (this.rampLeft > 0) this.advanceRamp();
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += weights[channel]! * samples[n * channels + channel]!;
      mono[n] = sum;
    }
  }

  private advanceRamp(): void {
    this.rampLeft--;
    if (this.rampLeft === 0) {
      this.weights.set(this.targets);
      return;
    }
    for (let channel = 0; channel < this.channels; channel++) this.weights[channel]! += this.steps[channel]!;
  }
}

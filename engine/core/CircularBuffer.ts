import type { StateReader, StateWriter } from './StateNumbers.ts';
import type { Samples } from './units.ts';

/**
 * The latest `capacitySamples` samples of a stream, for use within one thread; zeros stand for what precedes the stream.
 * Indices count from the oldest sample (0) to the newest (`capacitySamples - 1`). Only the constructor allocates.
 */
export class CircularBuffer {
  readonly capacitySamples: Samples;
  private readonly samples: Float32Array;
  /** Slot of the oldest sample, which the next one replaces. */
  private oldest = 0;

  /** @param samples [capacitySamples] storage, zeroed; default: a new array */
  constructor(capacitySamples: Samples, samples: Float32Array = new Float32Array(capacitySamples)) {
    this.capacitySamples = capacitySamples;
    this.samples = samples;
  }

  /** Appends one sample. @returns the sample that it replaces: the one pushed `capacitySamples` before */
  push(sample: number): number {
    const { samples, oldest } = this;
    const replaced = samples[oldest]!;
    samples[oldest] = sample;
    this.oldest = oldest + 1 === samples.length ? 0 : oldest + 1;
    return replaced;
  }

  /** Appends `count` samples of `source` from `offset` on. */
  write(source: Float32Array, offset: Samples, count: Samples): void {
    const { samples } = this;
    let slot = this.oldest;
    for (let n = 0; n < count; n++) {
      samples[slot] = source[offset + n]!;
      slot = slot + 1 === samples.length ? 0 : slot + 1;
    }
    this.oldest = slot;
  }

  /** @param index 0 (oldest) to `capacitySamples - 1` (newest) */
  at(index: number): number {
    const slot = this.oldest + index;
    return this.samples[slot < this.samples.length ? slot : slot - this.samples.length]!;
  }

  /** Copies `count` samples from `index` on to the start of `target`; `index + count` must not exceed the capacity. */
  read(index: number, target: Float32Array, count: Samples): void {
    const { samples, oldest } = this;
    const { length } = samples;
    let slot = oldest + index < length ? oldest + index : oldest + index - length;
    for (let n = 0; n < count; n++) {
      target[n] = samples[slot]!;
      slot = slot + 1 === length ? 0 : slot + 1;
    }
  }

  /**
   * Writes all samples, oldest first and each multiplied by its factor, to `target`.
   * @param factors [capacitySamples]
   * @param target [capacitySamples]
   */
  readScaled(factors: Float32Array, target: Float32Array): void {
    const { samples, oldest } = this;
    const { length } = samples;
    const untilWrap = length - oldest;
    for (let n = 0; n < untilWrap; n++) target[n] = samples[oldest + n]! * factors[n]!;
    for (let n = untilWrap; n < length; n++) target[n] = samples[n - untilWrap]! * factors[n]!;
  }

  save(state: StateWriter): void {
    state.add(this.oldest);
    state.addAll(this.samples);
  }

  restore(state: StateReader): void {
    this.oldest = state.nextInteger(0, this.samples.length - 1);
    state.fill(this.samples);
  }

  /** Back to the state after construction. */
  reset(): void {
    this.samples.fill(0);
    this.oldest = 0;
  }
}

import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples } from '../core/units.ts';
import { ChannelMix } from './ChannelMix.ts';
import type { DryHistory } from './DryHistory.ts';
import { OffsetRemover } from './OffsetRemover.ts';

/** Input overrun counters, cumulative since the stream opened. */
export interface InputCounters {
  gaps: number;
  lostSamples: number;
}

export interface InputPortOptions {
  readonly sampleRateHertz: Hertz;
  /** [channels] Factors on the device's channels, whose sum is the input of the engine. */
  readonly weights: readonly number[];
  /**
   * Whether the engine's ring receives all channels rather than their sum. Then the weights must be 1, and each channel is rid of its own
   * offset. @default false
   */
  readonly hasChannels?: boolean;
  /** Monotonic clock in milliseconds, such as `performance.now`. */
  readonly now: () => number;
}

/**
 * Carries the device's input blocks to the engine's ring and the dry history: a weighted sum of the channels, or to the ring the channels
 * themselves, without a large constant offset.
 * @thread device. Allocates when a block is longer than any before.
 */
export class InputPort {
  readonly counters: InputCounters = { gaps: 0, lostSamples: 0 };
  /** Arrival time of the latest block, on the clock passed to the constructor. */
  latestMilliseconds = 0;
  /** Length of the latest block; 0 before the first. */
  latestSamples: Samples = 0;

  private ring: SampleRing | null;
  private readonly history: DryHistory;
  private readonly now: () => number;
  private readonly mix: ChannelMix;
  private readonly hasChannels: boolean;
  /** One for each channel of the engine's ring. */
  private readonly offsets: readonly OffsetRemover[];
  private copy: SampleRing | null = null;
  private mono = new Float32Array(1024);
  /** [frames * channels] interleaved, for the ring */
  private frames = new Float32Array(0);

  /** @param ring input of the engine; null while there is no engine */
  constructor(
    ring: SampleRing | null,
    history: DryHistory,
    { sampleRateHertz, weights, hasChannels = false, now }: InputPortOptions,
  ) {
    this.ring = ring;
    this.history = history;
    this.now = now;
    this.mix = new ChannelMix(weights, sampleRateHertz);
    this.hasChannels = hasChannels;
    this.offsets = Array.from({ length: hasChannels ? weights.length : 1 }, () => new OffsetRemover(sampleRateHertz));
  }

  /** Changes the destination to the input ring of another engine. @param ring null: no engine */
  connect(ring: SampleRing | null): void {
    this.ring = ring;
  }

  /** Copies all channels to a second ring as they are; what does not fit is left out. @param ring [channels]; null: no copy */
  copyTo(ring: SampleRing | null): void {
    this.copy = ring;
  }

  /** Changes the weights of the channels gradually. @param weights [channels] */
  setWeights(weights: readonly number[]): void {
    this.mix.setWeights(weights);
  }

  /** @param samples [frames * channels] interleaved @param lostSamples input samples that the device has lost since the last block */
  write(samples: Float32Array, frames: Samples, lostSamples: Samples): void {
    this.latestMilliseconds = this.now();
    this.latestSamples = frames;
    if (this.mono.length < frames) this.mono = new Float32Array(frames);
    const { mono } = this;
    this.copy?.write(samples, 0, frames);
    let input: Float32Array = mono;
    if (this.hasChannels) {
      input = this.withoutOffsets(samples, frames);
      this.mix.process(input, frames, mono);
    } else {
      this.mix.process(samples, frames, mono);
      this.offsets[0]!.process(mono, frames);
    }
    this.history.write(mono, frames);
    const lost = lostSamples + (this.ring === null ? 0 : frames - this.ring.write(input, 0, frames));
    if (lost === 0) return;
    this.counters.gaps++;
    this.counters.lostSamples += lost;
  }

  /** @returns [frames * channels] a copy, valid until the next call */
  private withoutOffsets(samples: Float32Array, count: Samples): Float32Array {
    const { channels } = this.mix;
    if (this.frames.length < count * channels) this.frames = new Float32Array(count * channels);
    const { frames, offsets } = this;
    for (let n = 0; n < count * channels; n++) frames[n] = samples[n]!;
    for (let channel = 0; channel < channels; channel++) offsets[channel]!.process(frames, count, channel, channels);
    return frames;
  }
}

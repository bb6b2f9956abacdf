import type { SampleRing } from '../core/SampleRing.ts';
import type { Samples } from '../core/units.ts';
import type { DryHistory } from './DryHistory.ts';

/** Input overrun counters, cumulative since the stream opened. */
export interface InputCounters {
  gaps: number;
  lostSamples: number;
}

/**
 * Carries the device's input blocks to the engine's ring and the dry history: one channel, or the mean of all.
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
  private readonly channels: number;
  private readonly channel: number | null;
  private readonly now: () => number;
  private mono = new Float32Array(1024);

  /**
   * @param ring input of the engine; null while there is no engine
   * @param channel channel to use, from 0; null: the mean of all channels
   * @param now monotonic clock in milliseconds, such as `performance.now`
   */
  constructor(ring: SampleRing, history: DryHistory, channels: number, channel: number | null, now: () => number) {
    this.ring = ring;
    this.history = history;
    this.channels = channels;
    this.channel = channel;
    this.now = now;
  }

  /** Changes the destination to the input ring of another engine. @param ring null: no engine */
  connect(ring: SampleRing | null): void {
    this.ring = ring;
  }

  /** @param samples [frames * channels] interleaved @param lostSamples input samples that the device has lost since the last block */
  write(samples: Float32Array, frames: Samples, lostSamples: Samples): void {
    this.latestMilliseconds = this.now();
    this.latestSamples = frames;
    if (this.mono.length < frames) this.mono = new Float32Array(frames);
    const { mono, channels, channel } = this;
    for (let n = 0; n < frames; n++) {
      if (channel !== null) mono[n] = samples[n * channels + channel]!;
      else {
        let sum = 0;
        for (let c = 0; c < channels; c++) sum += samples[n * channels + c]!;
        mono[n] = sum / channels;
      }
    }
    this.history.write(mono, frames);
    const lost = lostSamples + (this.ring === null ? 0 : frames - this.ring.write(mono, 0, frames));
    if (lost === 0) return;
    this.counters.gaps++;
    this.counters.lostSamples += lost;
  }
}

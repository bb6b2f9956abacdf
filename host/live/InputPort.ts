import type { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Samples } from '../../engine/core/units.ts';
import type { InputHistory } from './InputHistory.ts';

/** What came from a microphone, all since the start. */
export interface InputCounters {
  gaps: number;
  lostSamples: number;
}

/**
 * From a device's blocks to the engine's ring: one channel, or the mean of all.
 * @thread the devices'. Allocates when a block is longer than any before.
 */
export class InputPort {
  readonly counters: InputCounters = { gaps: 0, lostSamples: 0 };
  /** Of `performance.now` when the latest block came. */
  latestMilliseconds = 0;

  private ring: SampleRing | null;
  private readonly history: InputHistory;
  private readonly channels: number;
  private readonly channel: number | null;
  private mono = new Float32Array(1024);

  /** @param channel from 0; null: the mean of all */
  constructor(ring: SampleRing, history: InputHistory, channels: number, channel: number | null) {
    this.ring = ring;
    this.history = history;
    this.channels = channels;
    this.channel = channel;
  }

  /** Feeds another engine from now on; null: none. */
  connect(ring: SampleRing | null): void {
    this.ring = ring;
  }

  /** @param samples [frames * channels] interleaved */
  write(samples: Float32Array, frames: Samples, lostSamples: Samples): void {
    this.latestMilliseconds = performance.now();
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

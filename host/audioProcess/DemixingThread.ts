import type { DemixingSlot } from '../../engine/channels/DemixingSlot.ts';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { CallableThread } from '../rpc/CallableThread.ts';
import type { ChannelsDemixed, DemixingWorkerConfig } from '../rpc/channelMessages.ts';

export interface DemixingThreadOptions {
  /** Where the demixings arrive. */
  readonly slot: DemixingSlot;
  /** Channels that belong to a voice, at least one. */
  readonly voiced: readonly number[];
  readonly sampleRateHertz: Hertz;
  /** The first demixing has arrived. */
  readonly onDemixed: () => void;
  /** The thread has ended by itself; the latest demixing stays in use. Called at most once, and never after `terminate`. */
  readonly onFailed: (error: Error) => void;
}

/** The worker reads ten times a second; while it estimates, what does not fit is left out. */
const RING_SECONDS: Seconds = 2;

/** The worker thread that estimates how to demix the channels of a live input. @thread device */
export class DemixingThread {
  /** [channels] to be filled with the input as it is */
  readonly ring: SampleRing;
  private readonly thread: CallableThread<Record<never, never>, ChannelsDemixed>;

  constructor({ slot, voiced, sampleRateHertz, onDemixed, onFailed }: DemixingThreadOptions) {
    this.ring = new SampleRing(SampleRing.allocate(Math.ceil(RING_SECONDS * sampleRateHertz), slot.channels));
    const config: DemixingWorkerConfig = {
      ring: this.ring.buffer,
      slot: slot.buffer,
      voiced,
      sampleRateHertz,
    };
    this.thread = new CallableThread<Record<never, never>, ChannelsDemixed>({
      url: new URL('./demixingWorker.js', import.meta.url),
      name: 'the thread that estimates the bleed between the channels',
      remedy: 'start the session again',
      deadlinesMilliseconds: {},
      workerData: config,
      onEvent: onDemixed,
      onEnded: onFailed,
    });
  }

  terminate(): Promise<void> {
    return this.thread.terminate();
  }
}

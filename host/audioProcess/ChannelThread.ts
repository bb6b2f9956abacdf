import { SampleRing } from '../../engine/core/SampleRing.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { CallableThread } from '../rpc/CallableThread.ts';
import type { ChannelsChosen, ChannelWorkerConfig } from '../rpc/channelMessages.ts';

export interface ChannelThreadOptions {
  /** Name of the input in texts for the user. */
  readonly name: string;
  /** At least 2. */
  readonly channels: number;
  readonly sampleRateHertz: Hertz;
  /** Called once; the thread has ended then. */
  readonly onChosen: (chosen: ChannelsChosen) => void;
  /** The thread has ended by itself. Called at most once, and never after `terminate` or `onChosen`. */
  readonly onFailed: (error: Error) => void;
}

/** The worker is busy for some milliseconds at a time; a new thread starts within this time even on a loaded machine. */
const RING_SECONDS: Seconds = 2;

/** The worker thread that chooses the channels of a live input from its first seconds of speech. @thread device */
export class ChannelThread {
  /** [channels] to be filled with the input as it is */
  readonly ring: SampleRing;
  private readonly thread: CallableThread<Record<never, never>, ChannelsChosen>;

  constructor({ name, channels, sampleRateHertz, onChosen, onFailed }: ChannelThreadOptions) {
    this.ring = new SampleRing(SampleRing.allocate(Math.ceil(RING_SECONDS * sampleRateHertz), channels));
    const config: ChannelWorkerConfig = { ring: this.ring.buffer, sampleRateHertz, name };
    this.thread = new CallableThread<Record<never, never>, ChannelsChosen>({
      url: new URL('./channelWorker.js', import.meta.url),
      name: 'the thread that chooses the channels of the input',
      remedy: 'choose a channel by its number',
      deadlinesMilliseconds: {},
      workerData: config,
      onEvent: (chosen) => {
        void this.terminate();
        onChosen(chosen);
      },
      onEnded: onFailed,
    });
  }

  terminate(): Promise<void> {
    return this.thread.terminate();
  }
}

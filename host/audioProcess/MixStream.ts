import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import { FeedbackGuard } from '../../engine/realtime/FeedbackGuard.ts';
import { TAP_CHANNELS, TAP_MAIN } from '../../engine/realtime/tapChannels.ts';
import { encodeSoundFrame } from '../protocol/soundFrame.ts';
import type { RecordingFigures } from '../rpc/takeMessages.ts';
import type { TapBlock } from './TapBlock.ts';

/** Silence after feedback, in which the session mutes the master. */
const SILENT_SECONDS: Seconds = 2;

export interface MixStreamListener {
  /** The next sound frame. */
  onMix(frame: Uint8Array): void;
  /** Feedback has been found, and the sound is silent for a while. */
  onFeedback(): void;
}

/**
 * The mix as sound frames, for browsers in which somebody listens.
 * @thread worker
 */
export class MixStream {
  private readonly sampleRateHertz: Hertz;
  private readonly listener: MixStreamListener;
  private readonly guard: FeedbackGuard | null;
  private silentSamples: Samples = 0;
  private samples: Samples = 0;
  private bytes = 0;

  /**
   * @param sampleRateHertz of the tap and the frames
   * @param isGuarded whether the input could hear the browser's loudspeaker
   */
  constructor(sampleRateHertz: Hertz, isGuarded: boolean, listener: MixStreamListener) {
    this.sampleRateHertz = sampleRateHertz;
    this.listener = listener;
    this.guard = isGuarded ? new FeedbackGuard(sampleRateHertz, 1) : null;
  }

  get figures(): RecordingFigures {
    return { samples: this.samples, bytes: this.bytes };
  }

  async append({ frames, first, count }: TapBlock): Promise<void> {
    const mix = new Float32Array(count);
    for (let n = 0; n < count; n++) mix[n] = frames[(first + n) * TAP_CHANNELS + TAP_MAIN]!;
    if (this.guard !== null) this.watch(this.guard, mix);
    const frame = encodeSoundFrame(mix, this.sampleRateHertz);
    this.samples += count;
    this.bytes += frame.length;
    this.listener.onMix(frame);
  }

  async close(): Promise<void> {}

  private watch(guard: FeedbackGuard, mix: Float32Array): void {
    if (guard.process(mix, mix.length)) {
      this.silentSamples = SILENT_SECONDS * this.sampleRateHertz;
      this.listener.onFeedback();
    } else if (guard.isActive) {
      this.silentSamples -= mix.length;
      if (this.silentSamples <= 0) guard.release();
    }
  }
}

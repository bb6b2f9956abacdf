import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import { TAP_CHANNELS, TAP_MIXTURE } from '../../engine/realtime/tapChannels.ts';
import type { InputSound, RecordingFigures } from '../rpc/takeMessages.ts';
import type { TapBlock } from './TapBlock.ts';

/** Sound that is sent at once: fewer messages than the tap has blocks. */
const SENT_SECONDS: Seconds = 0.25;

/**
 * The input, in which the session finds voices. It is held in memory only.
 * @thread worker
 */
export class InputStream {
  private readonly sampleRateHertz: Hertz;
  private readonly onInput: (sound: InputSound) => void;
  private readonly waiting: Float32Array;
  private filled: Samples = 0;
  private samples: Samples = 0;

  /** @param sampleRateHertz of the tap */
  constructor(sampleRateHertz: Hertz, onInput: (sound: InputSound) => void) {
    this.sampleRateHertz = sampleRateHertz;
    this.onInput = onInput;
    this.waiting = new Float32Array(Math.round(SENT_SECONDS * sampleRateHertz));
  }

  get figures(): RecordingFigures {
    return { samples: this.samples, bytes: this.samples * Float32Array.BYTES_PER_ELEMENT };
  }

  async append({ frames, first, count }: TapBlock): Promise<void> {
    for (let n = 0; n < count; n++) {
      this.waiting[this.filled++] = frames[(first + n) * TAP_CHANNELS + TAP_MIXTURE]!;
      if (this.filled === this.waiting.length) this.send();
    }
    this.samples += count;
  }

  async close(): Promise<void> {
    this.send();
  }

  private send(): void {
    if (this.filled > 0)
      this.onInput({ samples: this.waiting.slice(0, this.filled), sampleRateHertz: this.sampleRateHertz });
    this.filled = 0;
  }
}

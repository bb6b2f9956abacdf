import type { Hertz } from '../../engine/core/units.ts';
import { SpeechMeter } from '../../engine/realtime/SpeechMeter.ts';
import { TAP_MIXTURE } from '../../engine/realtime/tapChannels.ts';
import type { RecordingFigures, SpeechFigures } from '../rpc/takeMessages.ts';
import { Stem } from './Stem.ts';
import type { TapBlock } from './TapBlock.ts';

/** Recording of the input alone, for training. @thread worker */
export class SpeechRecording {
  private readonly stem: Stem;
  private readonly meter: SpeechMeter;
  private samples = 0;

  private constructor(stem: Stem, sampleRateHertz: Hertz) {
    this.stem = stem;
    this.meter = new SpeechMeter(sampleRateHertz);
  }

  /** @throws InputError if the file cannot be created */
  static async create(path: string, sampleRateHertz: Hertz): Promise<SpeechRecording> {
    return new SpeechRecording(await Stem.create(path, sampleRateHertz), sampleRateHertz);
  }

  get figures(): RecordingFigures {
    return { samples: this.samples, bytes: this.stem.bytes };
  }

  get speech(): SpeechFigures {
    const { recordedSeconds, speechSeconds, hints } = this.meter;
    return { recordedSeconds, speechSeconds, hints };
  }

  async append(block: TapBlock): Promise<void> {
    this.meter.add(await this.stem.append(block, TAP_MIXTURE));
    this.samples += block.count;
  }

  close(): Promise<void> {
    return this.stem.close(this.samples);
  }
}

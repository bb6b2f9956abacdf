import { InputError } from '../../engine/core/errors.ts';
import type { EnrolmentState } from '../protocol/LiveState.ts';
import type { AudioStatus } from '../rpc/audioMessages.ts';
import type { AudioLink } from './AudioLink.ts';
import { Enrolment } from './Enrolment.ts';
import type { PresetManager } from './PresetManager.ts';

export interface EnrolmentControllerListener {
  /** null: no enrolment is going on. */
  onState(state: EnrolmentState | null): void;
  /** A new preset lies in the library. */
  onTrained(preset: string): void;
}

/**
 * Where new voices are enrolled, one at a time: records or takes files, trains, puts the preset on the shelf.
 * @thread main
 */
export class EnrolmentController {
  private readonly link: Pick<AudioLink, 'isOpen' | 'request'>;
  private readonly presetManager: PresetManager;
  private readonly listener: EnrolmentControllerListener;
  private enrolment: Enrolment | null = null;

  constructor(
    link: Pick<AudioLink, 'isOpen' | 'request'>,
    presetManager: PresetManager,
    listener: EnrolmentControllerListener,
  ) {
    this.link = link;
    this.presetManager = presetManager;
    this.listener = listener;
  }

  get isRecording(): boolean {
    return this.enrolment?.state.phase === 'recording';
  }

  /** Ends the one before. @throws InputError for a name that is taken, or a microphone that is not open */
  async start(name: string, source: 'microphone' | 'files'): Promise<void> {
    await this.end();
    await this.presetManager.requireFree(name);
    if (source === 'microphone' && !this.link.isOpen) throw new InputError('gone: no device is open now');
    const enrolment = await Enrolment.start(name, source, (state) => this.listener.onState(state));
    try {
      if (source === 'microphone') await this.link.request('startSpeech', { path: enrolment.microphonePath });
    } catch (error) {
      await enrolment.end();
      throw error;
    }
    this.enrolment = enrolment;
    this.listener.onState(enrolment.state);
  }

  /** Follows the recording. */
  setSpeech(speech: NonNullable<AudioStatus['speech']>): void {
    this.enrolment?.setSpeech(speech);
  }

  /** @throws InputError for what is no audio, too long, or not waited for */
  async addFile(fileName: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.enrolment === null) throw new InputError(`"${fileName}": no enrolment waits for files`);
    await this.enrolment.addFile(fileName, content);
  }

  /** Answers when training has begun; the state tells how it goes on. @throws InputError where there is nothing to train from */
  async train(): Promise<void> {
    const { enrolment } = this;
    if (enrolment === null) throw new InputError('there is nothing to train from: start an enrolment first');
    enrolment.requireTrainable();
    if (this.isRecording) await this.link.request('stopSpeech', null);
    const { name } = enrolment.state;
    enrolment
      .train(async (presetText, evidenceText) => {
        await this.presetManager.add(presetText, false, evidenceText);
      })
      .then(
        () => this.listener.onTrained(name),
        () => {
          // The state says why.
        },
      );
  }

  /** Stops recording and training; what has been gathered is gone. */
  async end(): Promise<void> {
    const { enrolment, isRecording } = this;
    this.enrolment = null;
    if (enrolment === null) return;
    if (isRecording) await this.link.request('stopSpeech', null).catch(() => {});
    await enrolment.end();
    this.listener.onState(null);
  }
}

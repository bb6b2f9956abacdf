import { InputError } from '../../engine/core/errors.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import type { EnrolmentState } from '../protocol/LiveState.ts';
import type { AudioStatus } from '../rpc/audioMessages.ts';
import type { AudioLink } from './AudioLink.ts';
import { Enrolment } from './Enrolment.ts';

export interface EnrolmentControllerListener {
  /** @param state null: there is no enrolment */
  onState(state: EnrolmentState | null): void;
  /** Adds the texts of a trained preset and of its evidence to the library. @throws InputError if the name is taken or writing fails */
  addPreset(text: string, evidence: string | null): Promise<unknown>;
  /** @param preset name of the new preset in the library */
  onTrained(preset: PresetName): void;
}

/** Shown with an enrolment whose microphone was lost. */
export const INTERRUPTED =
  'The microphone was closed. What it has recorded is kept: train from it, add files, or cancel and record again.';

/** Starts, feeds and ends the enrolments of new speakers, one at a time. */
export class EnrolmentController {
  private readonly link: Pick<AudioLink, 'request'>;
  private readonly listener: EnrolmentControllerListener;
  private enrolment: Enrolment | null = null;

  constructor(link: Pick<AudioLink, 'request'>, listener: EnrolmentControllerListener) {
    this.link = link;
    this.listener = listener;
  }

  get isRecording(): boolean {
    return this.enrolment?.state.phase === 'recording';
  }

  /** Ends an earlier enrolment first. @param name of a preset that does not exist @throws InputError if the microphone is not open */
  async start(name: PresetName, source: 'microphone' | 'files'): Promise<void> {
    await this.end();
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

  /** Shows the progress of the microphone recording. */
  setSpeech(speech: NonNullable<AudioStatus['speech']>): void {
    this.enrolment?.setSpeech(speech);
  }

  /** @throws InputError if the file is not audio, is too long, or no file is expected */
  async addFile(fileName: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.enrolment === null) throw new InputError(`"${fileName}": no enrolment is waiting for files`);
    await this.enrolment.addFile(fileName, content);
  }

  /**
   * Resolves when training has started; the state shows how it continues.
   * @param isClean leave out parts with other voices, music or noise
   * @throws InputError if there is nothing to train from
   */
  async train(isClean: boolean): Promise<void> {
    const { enrolment } = this;
    if (enrolment === null) throw new InputError('there is nothing to train from: start an enrolment first');
    enrolment.requireUploaded();
    if (this.isRecording) await this.link.request('stopSpeech', null);
    const { name } = enrolment;
    enrolment
      .train(isClean, (presetText, evidenceText) => this.listener.addPreset(presetText, evidenceText))
      .then(
        () => this.listener.onTrained(name),
        () => {
          // The state contains the reason.
        },
      );
  }

  /** @throws InputError for an unknown name, or while the voice is being trained */
  async removeFile(name: string): Promise<void> {
    if (this.enrolment === null) throw new InputError('no enrolment is in progress');
    await this.enrolment.removeFile(name);
  }

  /** The microphone was lost: what it has recorded is kept, to be trained from or completed by files. */
  async interrupt(): Promise<void> {
    await this.enrolment?.keepRecording(INTERRUPTED);
  }

  /** Stops recording and training, and discards the speech. */
  async end(): Promise<void> {
    const { enrolment, isRecording } = this;
    this.enrolment = null;
    if (enrolment === null) return;
    if (isRecording) await this.link.request('stopSpeech', null).catch(() => {});
    const isDiscarded = enrolment.end();
    this.listener.onState(null);
    await isDiscarded;
  }
}

import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { TRAINING_RANGES } from '../../engine/model/trainingRanges.ts';
import { SpeechMeter } from '../../engine/realtime/SpeechMeter.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { chooseChannels } from '../audio/channelChoice.ts';
import { createTemporaryFolder } from '../files/temporaryFolder.ts';
import { EnrolmentCheck } from '../offline/EnrolmentCheck.ts';
import { readTrainingRecordings, type TrainingRecording } from '../offline/trainingRecordings.ts';
import type { EnrolmentState } from '../protocol/LiveState.ts';
import type { AudioStatus } from '../rpc/audioMessages.ts';
import { trainInThread } from '../workers/TrainerThread.ts';

const MAXIMUM_FILES = 100;
/** The recording of the microphone among the files. */
const MICROPHONE = 'Microphone';
/** A file below this peak, -90 dB, holds no sound. */
const SILENT_PEAK = 10 ** (-90 / 20);
/** Progress, as a fraction of the training, from which the remaining time can be estimated. */
const ESTIMATE_FRACTION = 0.05;

interface GatheredFile {
  readonly path: string;
  /** For the user; no two files have the same. */
  readonly name: string;
  /** SHA-256; empty for the microphone. */
  readonly contentHash: string;
  readonly speechSeconds: Seconds;
  readonly recordedSeconds: Seconds;
  /** Which channels are used, and why; null: there is nothing to say. */
  readonly remark: string | null;
}

/**
 * Enrolment of one new speaker: speech is recorded or uploaded, then a preset is trained in a worker thread while separation continues.
 * All files lie in a temporary folder that `end` removes.
 */
export class Enrolment {
  /** Name of the new preset. */
  readonly name: PresetName;
  private readonly folder: string;
  private readonly onChange: (state: EnrolmentState) => void;
  private readonly abortion = new AbortController();
  /** Files to train from, complete. */
  private files: readonly GatheredFile[] = [];
  private uploadsBegun = 0;
  private uploadsRunning = 0;
  private readonly check = new EnrolmentCheck();
  private current: EnrolmentState;
  private isOver = false;

  private constructor(
    name: PresetName,
    folder: string,
    source: 'microphone' | 'files',
    onChange: (state: EnrolmentState) => void,
  ) {
    this.name = name;
    this.folder = folder;
    this.onChange = onChange;
    this.current = {
      name,
      phase: source === 'microphone' ? 'recording' : 'ready',
      speechSeconds: 0,
      recordedSeconds: 0,
      hints: [],
      canClean: false,
      progress: 0,
      remainingSeconds: null,
      loss: null,
      message: null,
      files: [],
    };
  }

  static async start(
    name: PresetName,
    source: 'microphone' | 'files',
    onChange: (state: EnrolmentState) => void,
  ): Promise<Enrolment> {
    return new Enrolment(name, await createTemporaryFolder('enrolment'), source, onChange);
  }

  get state(): EnrolmentState {
    return this.current;
  }

  /** File that the audio process records the microphone into. */
  get microphonePath(): string {
    return join(this.folder, 'microphone.wav');
  }

  /** Shows the progress of the microphone recording. */
  setSpeech(speech: NonNullable<AudioStatus['speech']>): void {
    if (this.current.phase === 'recording') this.change({ ...speech });
  }

  /** @throws InputError if the file is not audio, or no file is expected */
  async addFile(fileName: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.current.phase !== 'ready') throw new InputError(`"${fileName}": no enrolment is waiting for files`);
    if (this.files.length + this.uploadsRunning >= MAXIMUM_FILES) {
      throw new InputError(`"${fileName}": an enrolment has at most ${MAXIMUM_FILES} files`);
    }
    const path = join(this.folder, `upload-${this.uploadsBegun++}`);
    this.uploadsRunning++;
    try {
      const digest = createHash('sha256');
      await pipeline(content, hashed(digest), createWriteStream(path, { flags: 'wx' }));
      const contentHash = digest.digest('hex');
      const same = this.files.find((file) => file.contentHash === contentHash);
      if (same !== undefined) throw new InputError(`"${fileName}" is in the list already, as ${same.name}`);
      const name = this.uniqueName(fileName);
      const { mixdown, remark } = await chooseChannels(path, 'best', { name: `"${name}"` });
      const reader = await AudioFileReader.open(path);
      const meter = new SpeechMeter(reader.sampleRateHertz);
      let peak = 0;
      for await (const block of reader.blocks(mixdown)) {
        meter.add(block);
        peak = block.reduce((most, sample) => Math.max(most, Math.abs(sample)), peak);
      }
      if (peak < SILENT_PEAK) throw new InputError(`"${fileName}" is silent: choose another file`);
      await this.examine(path, `"${name}"`);
      const { speechSeconds, recordedSeconds } = meter;
      this.setFiles([...this.files, { path, name, contentHash, speechSeconds, recordedSeconds, remark }]);
    } catch (error) {
      await rm(path, { force: true });
      if (this.isOver) throw new InputError(`"${fileName}": the enrolment has ended`);
      // The message names the file as the user does, not by its temporary path.
      throw error instanceof InputError ? new InputError(error.message.replaceAll(path, `"${fileName}"`)) : error;
    } finally {
      this.uploadsRunning--;
    }
  }

  /** Takes a file back. @throws InputError for an unknown name, or while the voice is being trained */
  async removeFile(name: string): Promise<void> {
    const { phase } = this.current;
    if (phase === 'training' || phase === 'done') throw new InputError('the voice is trained already: start again');
    const removed = this.files.find((file) => file.name === name);
    if (removed === undefined) throw new InputError(`there is no file called "${name}"`);
    this.check.remove(`"${name}"`);
    this.setFiles(this.files.filter((file) => file !== removed));
    if (phase === 'failed') this.change({ phase: 'ready', message: null });
    await rm(removed.path, { force: true });
  }

  /** The microphone recording has ended by itself; its file is readable. @param reason for the user */
  async keepRecording(reason: string): Promise<void> {
    if (this.current.phase !== 'recording') return;
    this.change({ phase: 'ready', message: reason });
    // Without speech there is nothing to keep; of a file that cannot be read there is nothing left.
    if (this.current.speechSeconds > 0) await this.addMicrophone().catch(() => {});
  }

  private async addMicrophone(): Promise<void> {
    const { speechSeconds, recordedSeconds } = this.current;
    await this.examine(this.microphonePath, `"${MICROPHONE}"`);
    const recorded = { path: this.microphonePath, name: MICROPHONE, contentHash: '', speechSeconds, recordedSeconds };
    this.setFiles([...this.files, { ...recorded, remark: null }]);
  }

  /** @throws InputError if uploads are incomplete */
  requireUploaded(): void {
    if (this.uploadsRunning === 0) return;
    throw new InputError(`files of "${this.current.name}" are still being uploaded; try again afterwards`);
  }

  /**
   * Trains the preset. The microphone recording must have been stopped. After a failure the state contains the reason, and all files
   * are kept for another attempt.
   * @param isClean leave out parts with other voices, music or noise
   * @param keep stores the texts of the preset file and of its evidence file
   * @throws InputError if the speech cannot be used, or if `keep` throws it
   */
  async train(
    isClean: boolean,
    keep: (presetText: string, evidenceText: string | null) => Promise<unknown>,
  ): Promise<void> {
    const { name } = this.current;
    const start = performance.now();
    const isRecorded = this.current.phase === 'recording';
    this.change({ phase: 'training', progress: 0, message: null });
    try {
      if (isRecorded) await this.addMicrophone();
      const { templates, seconds, updates, seed } = TRAINING_RANGES;
      const paths = this.files.map(({ path }) => path);
      const { recordings } = await readTrainingRecordings(paths, seconds.default);
      const { presetText, evidenceText } = await trainInThread(
        {
          recordings: isClean ? await this.cleaned(recordings) : recordings,
          holdout: [],
          name,
          notes: '',
          licence: '',
          created: new Date().toISOString().slice(0, 10),
          templates: templates.default,
          seconds: seconds.default,
          updates: updates.default,
          seed: seed.default,
          embedding: this.check.embedding,
          hasEvidence: true,
          isLowPriority: true,
        },
        {
          signal: this.abortion.signal,
          onMessage: (message) => {
            if (message.type !== 'progress') return;
            const { fraction, loss } = message.progress;
            const elapsed = (performance.now() - start) / 1000;
            const remainingSeconds = fraction > ESTIMATE_FRACTION ? (elapsed * (1 - fraction)) / fraction : null;
            this.change({ progress: fraction, loss, remainingSeconds });
          },
        },
      );
      await keep(presetText, evidenceText);
      this.change({ phase: 'done', progress: 1, remainingSeconds: 0 });
    } catch (error) {
      const message = this.files.reduce(
        (text, { path, name: file }) => text.replaceAll(path, file),
        error instanceof Error ? error.message : String(error),
      );
      this.change({ phase: 'failed', message });
      throw error;
    }
  }

  private get checked(): Pick<EnrolmentState, 'hints' | 'canClean'> {
    const remarks = this.files.flatMap(({ remark }) => remark ?? []);
    if (this.files.length === 0) return { hints: [], canClean: false };
    return { hints: [...new Set(remarks), ...this.check.remarks], canClean: this.check.canClean };
  }

  private setFiles(files: readonly GatheredFile[]): void {
    this.files = files;
    this.change({
      files: files.map(({ name, speechSeconds }) => ({ name, speechSeconds })),
      speechSeconds: files.reduce((sum, { speechSeconds }) => sum + speechSeconds, 0),
      recordedSeconds: files.reduce((sum, { recordedSeconds }) => sum + recordedSeconds, 0),
      ...this.checked,
    });
  }

  /** @returns the file's name, with a number if another file has it */
  private uniqueName(fileName: string): string {
    let name = fileName;
    for (let number = 2; this.files.some((file) => file.name === name); number++) name = `${fileName} (${number})`;
    return name;
  }

  /** Checks the part of a file that it can be trained on. @param name for the user */
  private async examine(path: string, name: string): Promise<void> {
    const { recordings } = await readTrainingRecordings([path], TRAINING_RANGES.seconds.default);
    await this.check.add(
      recordings.map((recording) => ({ ...recording, name })),
      this.abortion.signal,
    );
  }

  private async cleaned(recordings: readonly TrainingRecording[]): Promise<TrainingRecording[]> {
    const check = new EnrolmentCheck();
    await check.add(recordings, this.abortion.signal);
    return check.cleaned();
  }

  /** Cancels training and removes all files. */
  async end(): Promise<void> {
    this.isOver = true;
    this.abortion.abort(new InputError('cancelled'));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Uploads and training may still be finishing after `end`; their changes are ignored. */
  private change(changes: Partial<EnrolmentState>): void {
    if (this.isOver) return;
    this.current = { ...this.current, ...changes };
    this.onChange(this.current);
  }
}

/** @returns a stage of a pipeline that passes everything on and feeds it to the digest */
function hashed(digest: Hash) {
  return async function* (content: AsyncIterable<Uint8Array>) {
    for await (const bytes of content) {
      digest.update(bytes);
      yield bytes;
    }
  };
}

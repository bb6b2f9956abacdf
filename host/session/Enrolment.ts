import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { amountHints, SpeechMeter } from '../../engine/realtime/SpeechMeter.ts';
import { readRecording } from '../audio/readRecording.ts';
import { readTrainingRecordings } from '../offline/trainingRecordings.ts';
import type { EnrolmentState } from '../protocol/LiveState.ts';
import type { AudioStatus } from '../rpc/audioMessages.ts';
import { trainInThread } from '../workers/TrainerThread.ts';

/** A minute is plenty; an hour is a mistake. */
const LONGEST_FILE_SECONDS: Seconds = 3600;
const LARGEST_FILE_BYTES = 500e6;
const MOST_FILES = 100;
/** The trainer's defaults, as `unmingle train` has them. */
const TRAINING = { templates: 64, seconds: 60, updates: 20, seed: 1 } as const;

/**
 * One new speaker on the way from speech to preset: recorded or uploaded, then trained in a thread while separation goes on. Its files
 * are gone when it ends.
 */
export class Enrolment {
  private readonly folder: string;
  private readonly onChange: (state: EnrolmentState) => void;
  private readonly abortion = new AbortController();
  /** Complete ones; the microphone's when its recording has been stopped. */
  private readonly files: string[] = [];
  private uploadsBegun = 0;
  private uploadsRunning = 0;
  private uploadedSpeechSeconds: Seconds = 0;
  /** Of any uploaded file. */
  private readonly uploadHints = new Set<string>();
  private current: EnrolmentState;
  private isOver = false;

  private constructor(
    name: string,
    folder: string,
    source: 'microphone' | 'files',
    onChange: (state: EnrolmentState) => void,
  ) {
    this.folder = folder;
    this.onChange = onChange;
    this.current = {
      name,
      phase: source === 'microphone' ? 'recording' : 'ready',
      ...{
        speechSeconds: 0,
        recordedSeconds: 0,
        hints: [],
        progress: 0,
        remainingSeconds: null,
        loss: null,
        message: null,
      },
    };
    if (source === 'microphone') this.files.push(this.microphonePath);
  }

  static async start(
    name: string,
    source: 'microphone' | 'files',
    onChange: (state: EnrolmentState) => void,
  ): Promise<Enrolment> {
    const folder = await mkdtemp(join(tmpdir(), 'unmingle-enrolment-'));
    return new Enrolment(name, folder, source, onChange);
  }

  get state(): EnrolmentState {
    return this.current;
  }

  /** Where the audio process records. */
  get microphonePath(): string {
    return join(this.folder, 'microphone.wav');
  }

  /** Follows the recording. */
  setSpeech(speech: NonNullable<AudioStatus['speech']>): void {
    if (this.current.phase === 'recording') this.change({ ...speech });
  }

  /** @throws InputError for what is no audio, or too much of it */
  async addFile(fileName: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.current.phase !== 'ready') throw new InputError(`"${fileName}": no enrolment waits for files`);
    if (this.files.length + this.uploadsRunning >= MOST_FILES) {
      throw new InputError(`"${fileName}": at most ${MOST_FILES} files`);
    }
    const path = join(this.folder, `upload-${this.uploadsBegun++}`);
    this.uploadsRunning++;
    try {
      await pipeline(limited(fileName, content), createWriteStream(path));
      const { samples, sampleRateHertz } = await readRecording(path, LONGEST_FILE_SECONDS);
      const meter = new SpeechMeter(sampleRateHertz);
      meter.add(samples);
      this.files.push(path);
      this.uploadedSpeechSeconds += meter.speechSeconds;
      for (const hint of meter.soundHints) this.uploadHints.add(`${fileName}: ${hint}`);
      this.change({
        speechSeconds: this.uploadedSpeechSeconds,
        recordedSeconds: this.current.recordedSeconds + meter.recordedSeconds,
        hints: [...this.uploadHints, ...amountHints(this.uploadedSpeechSeconds)],
      });
    } catch (error) {
      await rm(path, { force: true });
      if (this.isOver) throw new InputError(`"${fileName}": the enrolment has ended`);
      // The path is this program's own; the user knows the file by its name.
      throw error instanceof InputError ? new InputError(error.message.replaceAll(path, `"${fileName}"`)) : error;
    } finally {
      this.uploadsRunning--;
    }
  }

  /** @throws InputError while training has nothing whole to begin from */
  requireTrainable(): void {
    const { name, phase } = this.current;
    if (phase === 'training' || phase === 'done') throw new InputError(`"${name}" is trained already`);
    if (this.uploadsRunning > 0) throw new InputError(`files of "${name}" are still on their way`);
  }

  /**
   * Trains from what there is. The recording must be complete. What fails leaves all files there for another try, and the state says why.
   * @param keep puts the texts of the preset's file and of its evidence where they last
   * @throws InputError what the trainer or `keep` refuses
   */
  async train(keep: (presetText: string, evidenceText: string | null) => Promise<void>): Promise<void> {
    const { name } = this.current;
    const start = performance.now();
    this.change({ phase: 'training', progress: 0, hints: [], message: null });
    try {
      const { recordings } = await readTrainingRecordings(this.files, TRAINING.seconds);
      const { presetText, evidenceText } = await trainInThread(
        {
          ...{ recordings, holdout: [], name, notes: '', licence: '', created: new Date().toISOString().slice(0, 10) },
          ...TRAINING,
          hasEvidence: true,
        },
        {
          signal: this.abortion.signal,
          onMessage: (message) => {
            if (message.type !== 'progress') return;
            const { fraction, loss } = message.progress;
            const elapsed = (performance.now() - start) / 1000;
            const remainingSeconds = fraction > 0.05 ? (elapsed * (1 - fraction)) / fraction : null;
            this.change({ progress: fraction, loss, remainingSeconds });
          },
        },
      );
      await keep(presetText, evidenceText);
      this.change({ phase: 'done', progress: 1, remainingSeconds: 0 });
    } catch (error) {
      const message = error instanceof Error ? error.message.replaceAll(this.folder, '') : String(error);
      this.change({ phase: 'failed', message });
      throw error;
    }
  }

  /** Stops training and removes all files. */
  async end(): Promise<void> {
    this.isOver = true;
    this.abortion.abort(new InputError('cancelled'));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What still runs when it has ended is heard of no more. */
  private change(changes: Partial<EnrolmentState>): void {
    if (this.isOver) return;
    this.current = { ...this.current, ...changes };
    this.onChange(this.current);
  }
}

async function* limited(fileName: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > LARGEST_FILE_BYTES) throw new InputError(`"${fileName}": has more than ${LARGEST_FILE_BYTES / 1e6} MB`);
    yield chunk;
  }
}

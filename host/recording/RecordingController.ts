import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../engine/core/errors.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { learntVoice } from '../../engine/recording/recordingReducer.ts';
import { fileError } from '../files/fileErrors.ts';
import { createTemporaryFolder } from '../files/temporaryFolder.ts';
import type { PresetFolders } from '../library/PresetLibrary.ts';
import type { RecordingMessage } from '../protocol/recordingMessages.ts';
import type { OpenRecording } from '../protocol/recordingState.ts';
import { OpenedFiles } from './OpenedFiles.ts';
import type { RecordingAccess } from './RecordingAccess.ts';
import { type RecordingWorker, startRecordingThread } from './RecordingThread.ts';
import { RecordingWork } from './RecordingWork.ts';
import { uploadPath } from './recordingPaths.ts';

export interface RecordingControllerOptions {
  /** Where the background is found, to which a voice alone is adapted. */
  readonly presets: PresetFolders;
  /** @param recording null: none is open */
  readonly onState: (recording: OpenRecording | null) => void;
  /** @param text one line for the user: a fault of the program that the state only mentions */
  readonly onNotice: (text: string) => void;
  /** @default a worker thread */
  readonly startWorker?: (onEnded: () => void) => RecordingWorker;
}

/** Texts of a preset and of its evidence, to be added to the library. */
export interface KeptVoice {
  readonly text: string;
  readonly evidence: string | null;
}

/** Opens recordings, one at a time, and carries out the messages about the open one. The only owner of its files and its thread. */
export class RecordingController {
  /** Reads the open recording. */
  readonly access: RecordingAccess;
  private readonly options: RecordingControllerOptions;
  private readonly abortion = new AbortController();
  private work: RecordingWork | null = null;
  private upload: Promise<number> | null = null;
  private latestId = 0;

  constructor(options: RecordingControllerOptions) {
    this.options = options;
    this.access = new OpenedFiles(
      () => this.work,
      (fileName, content) => this.open(fileName, content),
    );
  }

  /** Carries out a message that `isRecordingChanged` has accepted. @throws InputError if it does not fit the segments and voices */
  async perform(message: Exclude<RecordingMessage, { type: 'keepVoice' }>): Promise<void> {
    const { work } = this;
    if (work === null) return;
    switch (message.type) {
      case 'findVoices':
        work.find(message.voices, this.options.presets);
        return;
      case 'editRecording':
        work.editor.edit(message.edit);
        return;
      case 'undoRecording':
        work.editor.undo();
        return;
      case 'redoRecording':
        work.editor.redo();
        return;
      case 'separateRecording':
        work.separate(this.options.presets);
        return;
      case 'cancelRecording':
        if (work.state.phase === 'importing') return this.close();
        work.editor.cancel();
        return;
      case 'closeRecording':
        return this.close();
      default:
        throw new TypeError(`"${message satisfies never}" is not a message about a recording`);
    }
  }

  /**
   * @param name of the preset; null: the voice's name
   * @throws InputError if there is no such voice, or it has not been learnt
   */
  keptVoice(voice: number, name: PresetName | null): KeptVoice {
    if (this.work === null) throw new InputError('no recording is open: upload one first');
    const { presetText, evidenceText } = learntVoice(this.work.state, voice, name);
    return { text: presetText, evidence: evidenceText };
  }

  /** Closes the recording, and ends an upload. */
  async end(): Promise<void> {
    this.abortion.abort(new InputError('the session has ended'));
    await this.upload?.catch(() => {});
    await this.close();
  }

  private open(fileName: string, content: AsyncIterable<Uint8Array>): Promise<number> {
    if (this.upload !== null) {
      return Promise.reject(
        new InputError(`"${fileName}": another recording is being uploaded; wait until it is open`),
      );
    }
    const upload = this.receive(fileName, content).finally(() => {
      this.upload = null;
    });
    this.upload = upload;
    return upload;
  }

  private async receive(fileName: string, content: AsyncIterable<Uint8Array>): Promise<number> {
    const { signal } = this.abortion;
    signal.throwIfAborted();
    const folder = await createTemporaryFolder('recording');
    try {
      await pipeline(content, createWriteStream(uploadPath(folder), { flags: 'wx' }), { signal });
      await this.close();
      signal.throwIfAborted();
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw signal.aborted ? signal.reason : fileError(error, 'cannot store', `"${fileName}"`);
    }
    const id = ++this.latestId;
    this.work = new RecordingWork({ startWorker: startRecordingThread, ...this.options, id, name: fileName, folder });
    this.work.import();
    return id;
  }

  private async close(): Promise<void> {
    const { work } = this;
    if (work === null) return;
    this.work = null;
    this.options.onState(null);
    await work.close();
  }
}

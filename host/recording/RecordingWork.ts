import { rm } from 'node:fs/promises';
import { CallError } from '../../engine/core/CallError.ts';
import { InputError } from '../../engine/core/errors.ts';
import {
  RecordingEditor,
  type SearchRemarks,
  type StartedWork,
  type WorkProgressListener,
} from '../../engine/recording/RecordingEditor.ts';
import type { OpenedRecording } from '../../engine/recording/recordingReducer.ts';
import type { PresetFolders } from '../library/PresetLibrary.ts';
import type { OpenRecording } from '../protocol/recordingState.ts';
import type { RecordingWorker } from './RecordingThread.ts';
import { tracksFolder, uploadPath } from './recordingPaths.ts';
import type { RecordingRequests, SeparatedRecording } from './recordingThreadMessages.ts';

export interface RecordingWorkOptions {
  readonly id: number;
  readonly name: string;
  /** Holds the upload; removed by `close`. */
  readonly folder: string;
  readonly startWorker: (onEnded: () => void) => RecordingWorker;
  readonly onState: (recording: OpenRecording) => void;
  /** @param text one line for the user: a fault of the program that the state only mentions */
  readonly onNotice: (text: string) => void;
}

const REMARKS: SearchRemarks = {
  guessedCount: 'the number of voices is a guess; if it is wrong, choose it and find them again',
  soundAlike: 'two of these voices sound alike and may be one person',
};

/** One open recording: its editor, its folder, and the thread that works on it, one piece of work at a time. */
export class RecordingWork {
  readonly folder: string;
  readonly editor: RecordingEditor<SeparatedRecording>;
  private readonly options: RecordingWorkOptions;
  private worker: RecordingWorker | null = null;

  constructor(options: RecordingWorkOptions) {
    const { id, name, folder, onState } = options;
    this.options = options;
    this.folder = folder;
    this.editor = new RecordingEditor({
      id,
      name,
      onState,
      remarks: () => REMARKS,
      problemOf: (error) => this.problemText(error),
    });
  }

  get state(): OpenedRecording<SeparatedRecording> {
    return this.editor.state;
  }

  /** Imports the upload, and removes it. */
  import(): void {
    const { folder, name } = this.options;
    void this.editor
      .import((onProgress) => this.call('import', { folder, name }, onProgress))
      .finally(() => rm(uploadPath(folder), { force: true }).catch(() => {}));
  }

  /**
   * Starts to find out who speaks when.
   * @param voices number of voices to find; null: as many as there seem to be
   * @param presets folders of the library whose people are recognised
   */
  find(voices: number | null, presets: PresetFolders): void {
    const { folder, name } = this.options;
    void this.editor.find(voices === null, (onProgress) =>
      this.call('find', { folder, name, voices, presets }, onProgress),
    );
  }

  /** Starts a separation. */
  separate(presets: PresetFolders): void {
    const { folder, name } = this.options;
    const { imported, separation } = this.state;
    if (imported === null) return;
    const replacedFolder = separation === null ? null : tracksFolder(folder, separation.revision);
    let outFolder: string | null = null;
    void this.editor
      .separate(({ speech, revision }, onProgress) => {
        outFolder = tracksFolder(folder, revision);
        return this.call('separate', { folder, name, outFolder, presets, imported, ...speech }, onProgress);
      })
      .then((isDone) => this.discard(isDone ? replacedFolder : outFolder));
  }

  /** Ends the thread and removes the folder. */
  async close(): Promise<void> {
    this.editor.close();
    await this.worker?.terminate();
    await rm(this.folder, { recursive: true, force: true });
  }

  private call<Name extends keyof RecordingRequests>(
    name: Name,
    argument: RecordingRequests[Name]['argument'],
    onProgress: WorkProgressListener,
  ): StartedWork<RecordingRequests[Name]['answer']> {
    const abortion = new AbortController();
    const answer = this.thread().call(name, argument, {
      signal: abortion.signal,
      onProgress: ({ fraction, detail }) => onProgress(fraction, detail),
    });
    return { answer, stop: () => abortion.abort() };
  }

  /** The thread, started if there is none. */
  private thread(): RecordingWorker {
    this.worker ??= this.options.startWorker(() => {
      this.worker = null;
    });
    return this.worker;
  }

  /** Never rejects: `close` removes what is left. */
  private async discard(folder: string | null): Promise<void> {
    if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }

  /** Without the path of the temporary folder, which the user does not know. */
  private problemText(error: unknown): string {
    if (error instanceof InputError || error instanceof CallError)
      return error.message.replaceAll(`${this.folder}/`, '');
    this.options.onNotice(`${this.options.name}: ${error instanceof Error ? error.message : String(error)}`);
    return 'the program failed to carry this out; the terminal of unmingle live shows why';
  }
}

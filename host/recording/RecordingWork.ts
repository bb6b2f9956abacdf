import { rm } from 'node:fs/promises';
import { CallError } from '../../engine/core/CallError.ts';
import { InputError } from '../../engine/core/errors.ts';
import { knownVoicesText } from '../../engine/recording/namedVoices.ts';
import {
  type FoundSpeech,
  nextRecording,
  type OpenedRecording,
  openedRecording,
  type RecordingEvent,
  secondsOf,
  shownRecording,
} from '../../engine/recording/recordingReducer.ts';
import type { PresetFolders } from '../library/PresetLibrary.ts';
import type { RecordingEdit } from '../protocol/recordingMessages.ts';
import type { OpenRecording } from '../protocol/recordingState.ts';
import type { RecordingWorker } from './RecordingThread.ts';
import { tracksFolder, uploadPath } from './recordingPaths.ts';
import type { FoundSegments, RecordingRequests, SeparatedRecording, WorkProgress } from './recordingThreadMessages.ts';

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

/** Smallest change of the progress that is published. */
const PROGRESS_STEP = 0.005;

/** One open recording: its state, its folder, and the thread that works on it, one piece of work at a time. */
export class RecordingWork {
  readonly folder: string;
  private readonly options: RecordingWorkOptions;
  private current: OpenedRecording<SeparatedRecording>;
  private worker: RecordingWorker | null = null;
  /** Of the present work. */
  private abortion = new AbortController();
  private latestItem = 0;
  private latestTracks = 0;
  private isClosed = false;

  constructor(options: RecordingWorkOptions) {
    this.options = options;
    this.folder = options.folder;
    this.current = openedRecording(options.id, options.name);
    options.onState(shownRecording(this.current));
  }

  get state(): OpenedRecording<SeparatedRecording> {
    return this.current;
  }

  /** Imports the upload, and removes it. */
  import(): void {
    const { folder, name } = this.options;
    void this.run('import', { folder, name }, (imported) => this.change({ type: 'imported', imported })).finally(() =>
      rm(uploadPath(folder), { force: true }).catch(() => {}),
    );
  }

  /**
   * Starts to find out who speaks when.
   * @param voices number of voices to find; null: as many as there seem to be
   * @param presets folders of the library whose people are recognised
   */
  find(voices: number | null, presets: PresetFolders): void {
    const { folder, name } = this.options;
    this.change({ type: 'started', phase: 'finding' });
    void this.run('find', { folder, name, voices, presets }, (found) =>
      this.change({ type: 'found', speech: this.speechOf(found, voices === null) }),
    );
  }

  /** Starts a separation. */
  separate(presets: PresetFolders): void {
    const { folder, name } = this.options;
    const { imported, history, found, separation } = this.current;
    if (imported === null) return;
    const annotation = history.present;
    const revision = ++this.latestTracks;
    const outFolder = tracksFolder(folder, revision);
    const job = {
      folder,
      name,
      outFolder,
      presets,
      imported,
      seconds: secondsOf(imported),
      names: annotation.voices.map((voice) => voice.name),
      segments: annotation.segments.map(({ voice, startSeconds, endSeconds, certainty }) => ({
        voice,
        startSeconds,
        endSeconds,
        certainty,
      })),
      overlap: found?.overlap ?? null,
    };
    this.change({ type: 'started', phase: 'separating' });
    void this.run('separate', job, (separated) => {
      this.change({ type: 'separated', separation: { revision, annotation, ...separated } });
      if (separation !== null) this.discard(tracksFolder(folder, separation.revision));
    }).then((isDone) => {
      if (!isDone) this.discard(outFolder);
    });
  }

  /** @throws InputError if the edit does not fit the annotation */
  edit(edit: RecordingEdit): void {
    this.change({ type: 'edited', edit, newId: () => ++this.latestItem });
  }

  undo(): void {
    this.change({ type: 'undone' });
  }

  redo(): void {
    this.change({ type: 'redone' });
  }

  /** Stops the search or separation. */
  cancel(): void {
    this.abortion.abort();
    this.change({ type: 'cancelled' });
  }

  /** Ends the thread and removes the folder. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.abortion.abort();
    await this.worker?.terminate();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @returns whether the work has been done; if not, the state contains the reason. Never rejects */
  private async run<Name extends keyof RecordingRequests>(
    name: Name,
    argument: RecordingRequests[Name]['argument'],
    onDone: (answer: RecordingRequests[Name]['answer']) => void,
  ): Promise<boolean> {
    const abortion = new AbortController();
    this.abortion = abortion;
    const { signal } = abortion;
    try {
      const onProgress = (progress: WorkProgress) => {
        if (!signal.aborted) this.show(progress);
      };
      const answer = await this.thread().call(name, argument, { signal, onProgress });
      signal.throwIfAborted();
      onDone(answer);
      return true;
    } catch (error) {
      if (!signal.aborted) this.change({ type: 'failed', problem: this.problemText(error) });
      return false;
    }
  }

  /** The thread, started if there is none. */
  private thread(): RecordingWorker {
    this.worker ??= this.options.startWorker(() => {
      this.worker = null;
    });
    return this.worker;
  }

  private show({ fraction, detail }: WorkProgress): void {
    const { progress, detail: shown } = this.current;
    if (detail === shown && Math.abs(fraction - progress) < PROGRESS_STEP) return;
    this.change({ type: 'progressed', fraction, detail });
  }

  private change(event: RecordingEvent<SeparatedRecording>): void {
    if (this.isClosed) return;
    const next = nextRecording(this.current, event);
    if (next === this.current) return;
    this.current = next;
    this.options.onState(shownRecording(next));
  }

  private speechOf({ voices, areDistinct, segments, overlap }: FoundSegments, isGuessed: boolean): FoundSpeech {
    const newId = () => ++this.latestItem;
    const annotation = {
      voices: voices.names.map((name) => ({ id: newId(), name })),
      segments: segments.map((segment) => ({ id: newId(), ...segment })),
    };
    const remarks = [
      ...knownVoicesText(voices),
      ...(isGuessed ? ['the number of voices is a guess; if it is wrong, choose it and find them again'] : []),
      ...(areDistinct ? [] : ['two of these voices sound alike and may be one person']),
    ];
    return { annotation, overlap, remarks };
  }

  /** Never rejects: `close` removes what is left. */
  private discard(folder: string): void {
    void rm(folder, { recursive: true, force: true }).catch(() => {});
  }

  /** Without the path of the temporary folder, which the user does not know. */
  private problemText(error: unknown): string {
    if (error instanceof InputError || error instanceof CallError)
      return error.message.replaceAll(`${this.folder}/`, '');
    this.options.onNotice(`${this.options.name}: ${error instanceof Error ? error.message : String(error)}`);
    return 'the program failed to carry this out; the terminal of unmingle live shows why';
  }
}

import type { AnnotatedSpeech } from './annotatedSpeech.ts';
import type { AnnotationEdit } from './annotation.ts';
import type { ImportedRecording } from './ImportedRecording.ts';
import { knownVoicesText } from './namedVoices.ts';
import type { OpenRecording } from './OpenRecording.ts';
import {
  type FoundSpeech,
  nextRecording,
  type OpenedRecording,
  openedRecording,
  type RecordingEvent,
  type SeparatedVoices,
  secondsOf,
  shownRecording,
} from './recordingReducer.ts';
import type { FoundSegments } from './SegmentFinder.ts';

export interface RecordingEditorOptions {
  /** As of `OpenRecording`. */
  readonly id: number;
  readonly name: string;
  /** Called with each state, the first one at once; no more after `close`. */
  readonly onState: (recording: OpenRecording) => void;
  /** Returns remarks on a search, in the present language. */
  readonly remarks: () => SearchRemarks;
  /** Converts the error of failed work to one line for the user. */
  readonly problemOf: (error: unknown) => string;
}

/** Remarks on a search for voices, one line each for the user. */
export interface SearchRemarks {
  /** Nobody has stated the number of voices. */
  readonly guessedCount: string;
  /** Two of the voices may be one person. */
  readonly soundAlike: string;
}

/** @param fraction 0 to 1 @param detail part of the work, such as `learning ann`; null: not known */
export type WorkProgressListener = (fraction: number, detail: string | null) => void;

/** A piece of work that has been started, in whichever thread. */
export interface StartedWork<Answer> {
  readonly answer: Promise<Answer>;
  /** Called when the work is cancelled or the recording is closed; `answer` is then ignored. */
  readonly stop: () => void;
}

/** A separation that is to be carried out. */
export interface SeparationTask {
  readonly speech: AnnotatedSpeech;
  /** `tracksRevision` of its tracks: 1 for the first separation of the recording, one more for each further one. */
  readonly revision: number;
}

/** Starts a piece of work. */
type StartWork<Answer> = (onProgress: WorkProgressListener) => StartedWork<Answer>;

/** A piece of work as the editor follows it. */
interface FollowedWork {
  isStopped: boolean;
  stop: () => void;
}

/** Smallest change of the progress that is published. */
const PROGRESS_STEP = 0.005;

/**
 * The state of one open recording, as `nextRecording` computes it: publishes each change, edits the annotation, and runs one piece of work at
 * a time. Its owner decides in which thread work is done. Progress and answers of work that has been stopped are ignored.
 */
export class RecordingEditor<Separated extends SeparatedVoices> {
  private readonly options: RecordingEditorOptions;
  private current: OpenedRecording<Separated>;
  /** The latest piece of work. */
  private work: FollowedWork = { isStopped: false, stop: () => {} };
  private latestItem = 0;
  private latestTracks = 0;
  private isClosed = false;
  /** Of a voice or segment. */
  private readonly newId = (): number => ++this.latestItem;

  constructor(options: RecordingEditorOptions) {
    this.options = options;
    this.current = openedRecording(options.id, options.name);
    options.onState(shownRecording(this.current));
  }

  get state(): OpenedRecording<Separated> {
    return this.current;
  }

  /** Runs the import, with which each recording starts. @returns as `separate` */
  import(start: StartWork<ImportedRecording>): Promise<boolean> {
    return this.run(start, (imported) => this.change({ type: 'imported', imported }));
  }

  /**
   * Runs a search for voices, unless there is other work or no sound.
   * @param isCountGuessed whether nobody has stated the number of voices
   * @returns as `separate`
   */
  async find(isCountGuessed: boolean, start: StartWork<FoundSegments>): Promise<boolean> {
    if (!this.change({ type: 'started', phase: 'finding' })) return false;
    return this.run(start, (found) => this.change({ type: 'found', speech: this.speechOf(found, isCountGuessed) }));
  }

  /**
   * Runs a separation by the present annotation, unless there is other work or no sound.
   * @returns whether it has been completed; if it has failed, the state contains the reason. Never rejects
   */
  async separate(
    start: (task: SeparationTask, onProgress: WorkProgressListener) => StartedWork<Separated>,
  ): Promise<boolean> {
    const { imported, history, found } = this.current;
    if (imported === null || !this.change({ type: 'started', phase: 'separating' })) return false;
    const annotation = history.present;
    const revision = ++this.latestTracks;
    const speech = {
      seconds: secondsOf(imported),
      names: annotation.voices.map(({ name }) => name),
      segments: annotation.segments.map(({ id: _, ...segment }) => segment),
      overlap: found?.overlap ?? null,
    };
    return this.run(
      (onProgress) => start({ speech, revision }, onProgress),
      (separated) => this.change({ type: 'separated', separation: { revision, annotation, ...separated } }),
    );
  }

  /** @throws InputError if the edit does not fit the annotation */
  edit(edit: AnnotationEdit): void {
    this.change({ type: 'edited', edit, newId: this.newId });
  }

  undo(): void {
    this.change({ type: 'undone' });
  }

  redo(): void {
    this.change({ type: 'redone' });
  }

  /** Stops the search or separation. An import ends with `close` only. */
  cancel(): void {
    this.stop();
    this.change({ type: 'cancelled' });
  }

  /** Stops all work. The state no longer changes. */
  close(): void {
    this.isClosed = true;
    this.stop();
  }

  private async run<Answer>(start: StartWork<Answer>, onDone: (answer: Answer) => void): Promise<boolean> {
    const work: FollowedWork = { isStopped: false, stop: () => {} };
    this.work = work;
    try {
      const { answer, stop } = start((fraction, detail) => {
        if (!work.isStopped) this.show(fraction, detail);
      });
      work.stop = stop;
      const result = await answer;
      if (work.isStopped) return false;
      onDone(result);
      return true;
    } catch (error) {
      if (!work.isStopped) this.change({ type: 'failed', problem: this.options.problemOf(error) });
      return false;
    }
  }

  private stop(): void {
    this.work.isStopped = true;
    this.work.stop();
  }

  private show(fraction: number, detail: string | null): void {
    const { progress, detail: shown } = this.current;
    if (detail === shown && Math.abs(fraction - progress) < PROGRESS_STEP) return;
    this.change({ type: 'progressed', fraction, detail });
  }

  /** @returns whether the event has changed the state */
  private change(event: RecordingEvent<Separated>): boolean {
    if (this.isClosed) return false;
    const next = nextRecording(this.current, event);
    if (next === this.current) return false;
    this.current = next;
    this.options.onState(shownRecording(next));
    return true;
  }

  private speechOf({ voices, areDistinct, segments, overlap }: FoundSegments, isCountGuessed: boolean): FoundSpeech {
    const { guessedCount, soundAlike } = this.options.remarks();
    const annotation = {
      voices: voices.names.map((name) => ({ id: this.newId(), name })),
      segments: segments.map((segment) => ({ id: this.newId(), ...segment })),
    };
    const remarks = [
      ...knownVoicesText(voices),
      ...(isCountGuessed ? [guessedCount] : []),
      ...(areDistinct ? [] : [soundAlike]),
    ];
    return { annotation, overlap, remarks };
  }
}

import type { Hertz, Seconds } from '../core/units.ts';

/** What is done with the open recording; `ready`: nothing. */
export type RecordingPhase = 'importing' | 'ready' | 'finding' | 'separating';

export interface RecordingVoice {
  /** A name as of a preset; no two voices have the same. */
  readonly name: string;
  readonly speakingSeconds: Seconds;
}

/** A recording that is open to find, correct and separate its voices. Its segments are requested separately, because there may be thousands. */
export interface OpenRecording {
  /** Counts up with each recording that is opened; addresses of overview and sound contain it. */
  readonly id: number;
  /** File name, for display only. */
  readonly name: string;
  /** 0 while it is imported. */
  readonly seconds: Seconds;
  /** Of mixture and tracks; 0 while it is imported. */
  readonly sampleRateHertz: Hertz;
  readonly phase: RecordingPhase;
  /** Of the present work, 0 to 1; 0 if there is none. */
  readonly progress: number;
  /** Part of the present work, such as `learning ann`. */
  readonly detail: string | null;
  /** Why the latest work has failed; null if it has not. */
  readonly problem: string | null;
  /** What the user should know, such as which channels are used, one line each. */
  readonly remarks: readonly string[];
  readonly voices: readonly RecordingVoice[];
  /** Changes with each change of the segments. */
  readonly segmentsRevision: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Whether there are separated tracks, and whether they belong to the present segments. */
  readonly tracks: 'none' | 'current' | 'outdated';
  /** Changes with each separation; addresses of tracks contain it. */
  readonly tracksRevision: number;
}

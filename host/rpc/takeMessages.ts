import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import type { SerializedError } from './SerializedError.ts';

/** A take of all stems, and one person's speech for training. */
export type RecordingKind = 'take' | 'speech';

/** One file of a recording, and the channel of the tap that it contains. */
export interface StemFile {
  readonly path: string;
  readonly channel: number;
}

/** Length and size of a recording. */
export interface RecordingFigures {
  readonly samples: Samples;
  /** Total size of the files. */
  readonly bytes: number;
}

/** Length and quality of the speech recorded so far. */
export interface SpeechFigures {
  readonly recordedSeconds: Seconds;
  readonly speechSeconds: Seconds;
  readonly hints: readonly string[];
}

/** Start data of the take worker. */
export interface TakeWorkerConfig {
  /** Ring of TAP_CHANNELS channels, which only the worker reads. */
  readonly tap: SharedArrayBuffer;
  readonly sampleRateHertz: Hertz;
}

/** Calls to the take worker. */
export interface TakeRequests {
  /** Creates the files and begins to write the tap into them. */
  readonly start: {
    readonly argument: { readonly kind: RecordingKind; readonly stems: readonly StemFile[] };
    readonly answer: RecordingFigures;
  };
  /** Writes what is in the tap, and completes the files. */
  readonly stop: { readonly argument: { readonly kind: RecordingKind }; readonly answer: RecordingFigures };
}

/** What the take worker reports without being asked. */
export type TakeEvent =
  /** Sent regularly while something is recorded. null: that kind is not recorded. */
  | {
      readonly type: 'figures';
      readonly take: RecordingFigures | null;
      readonly speech: SpeechFigures | null;
    }
  /** A recording has ended because it cannot be written; its files are complete up to there. */
  | { readonly type: 'failed'; readonly kind: RecordingKind; readonly error: SerializedError };

import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import type { VoiceStreamFormat } from '../protocol/voiceStreamFormat.ts';
import type { SerializedError } from './SerializedError.ts';

/**
 * A take of all stems, and one person's speech for training; one voice for another program, the mix for listening browsers, and the input
 * in which voices are found, which are not written to files.
 */
export type RecordingKind = 'take' | 'speech' | 'stream' | 'mix' | 'input';

/** A voice by the id of its strip. */
export interface NamedVoice {
  readonly id: number;
  /** Name of its preset. */
  readonly name: string;
}

export interface LoadedVoice extends NamedVoice {
  /** `presetHash` of its preset; null if unknown. */
  readonly presetHash: string | null;
}

/** What to record, and where. */
export type RecordingRequest =
  | {
      readonly kind: 'take';
      readonly folder: string;
      /** The loaded voices, by slot. */
      readonly voices: readonly LoadedVoice[];
    }
  | { readonly kind: 'speech'; readonly path: string }
  | { readonly kind: 'stream'; readonly format: VoiceStreamFormat; readonly voices: readonly LoadedVoice[] }
  | {
      readonly kind: 'mix';
      /** Whether the input could hear the loudspeaker on which the mix is played. */
      readonly isGuarded: boolean;
    }
  | { readonly kind: 'input' };

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

/** A part of the input, at most a second. */
export interface InputSound {
  readonly samples: Float32Array<ArrayBuffer>;
  readonly sampleRateHertz: Hertz;
}

/** Start data of the take worker. */
export interface TakeWorkerConfig {
  /** Ring of TAP_CHANNELS channels, which only the worker reads. */
  readonly tap: SharedArrayBuffer;
  /** Of a `TapMarks`. */
  readonly tapMarks: SharedArrayBuffer;
  readonly sampleRateHertz: Hertz;
}

/** Calls to the take worker. */
export interface TakeRequests {
  /** Creates the files and begins to write the tap into them. */
  readonly start: { readonly argument: RecordingRequest; readonly answer: RecordingFigures };
  /** Names voices before they are heard. */
  readonly voices: { readonly argument: readonly LoadedVoice[]; readonly answer: null };
  /** Writes what is in the tap, and completes the files. */
  readonly stop: {
    readonly argument: {
      readonly kind: RecordingKind;
      /** Why the recording ends early; null: it is complete. */
      readonly brokenOff: string | null;
    };
    readonly answer: RecordingFigures;
  };
}

/** What the take worker reports without being asked. */
export type TakeEvent =
  /** Sent regularly while something is recorded. null: that kind is not recorded. */
  | {
      readonly type: 'figures';
      readonly take: RecordingFigures | null;
      readonly speech: SpeechFigures | null;
    }
  /** The next sound of the stream. */
  | { readonly type: 'sound'; readonly pcm: Uint8Array }
  /** The next sound frame of the mix. */
  | { readonly type: 'mix'; readonly frame: Uint8Array }
  /** The next sound of the input. */
  | { readonly type: 'input'; readonly sound: InputSound }
  /** The mix was fed back to the input; its sound frames are silent for a while. */
  | { readonly type: 'feedback' }
  /** A recording has ended because it cannot be written; its files are complete up to there. */
  | { readonly type: 'failed'; readonly kind: RecordingKind; readonly error: SerializedError };

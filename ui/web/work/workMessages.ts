import type { ErrorRecord } from '../../../engine/core/errorRecord.ts';
import type { Hertz } from '../../../engine/core/units.ts';
import type { PresetName } from '../../../engine/model/PresetName.ts';
import type { AnnotatedSpeech } from '../../../engine/recording/annotatedSpeech.ts';
import type { ImportedRecording } from '../../../engine/recording/ImportedRecording.ts';
import type { LearntVoice } from '../../../engine/recording/learnTwice.ts';
import type { KnownVoice } from '../../../engine/recording/namedVoices.ts';
import type { SeparatedVoices } from '../../../engine/recording/recordingReducer.ts';
import type { FoundSegments } from '../../../engine/recording/SegmentFinder.ts';

export interface ImportJob {
  /** Name of the file in texts for the user. */
  readonly name: string;
  /** [channels][samples] transferred */
  readonly channels: readonly Float32Array<ArrayBuffer>[];
  readonly sampleRateHertz: Hertz;
}

export interface ImportedSound {
  readonly imported: ImportedRecording;
  /** One channel of little-endian 16-bit samples. */
  readonly mixture: Blob;
  /** [levels] columns, see `OverviewColumns` */
  readonly overview: readonly Uint8Array<ArrayBuffer>[];
}

/** The open recording, as each piece of work reads it. */
export interface RecordedSound {
  /** Id of the recording: the worker keeps the speech of the latest. */
  readonly id: number;
  readonly name: string;
  readonly mixture: Blob;
  readonly imported: ImportedRecording;
}

export interface FindingJob extends RecordedSound {
  /** Number of voices; null: as many as are found. */
  readonly voices: number | null;
  /** People of whom there are presets. */
  readonly known: readonly KnownVoice[];
}

/** `full`: as the program for Node does. `draft`: each voice learnt once and briefly, and not adapted to the others. */
export type Effort = 'full' | 'draft';

/** Texts of a preset file and of its evidence file. */
export interface PresetTexts {
  readonly preset: string;
  readonly evidence: string;
}

export interface SeparationJob extends RecordedSound, AnnotatedSpeech {
  readonly effort: Effort;
  /** Preset of everybody and everything else. */
  readonly background: PresetTexts;
}

export interface SeparatedSound extends SeparatedVoices {
  /** [voices + 1] little-endian 16-bit samples; the last one is the rest. */
  readonly tracks: readonly Blob[];
}

export interface EnrolmentJob {
  readonly name: PresetName;
  /** [channels][samples] of one person, transferred */
  readonly channels: readonly Float32Array<ArrayBuffer>[];
  readonly sampleRateHertz: Hertz;
}

export interface AdaptationJob {
  /** Of 2 to 8 speakers, in order. */
  readonly speakers: readonly PresetTexts[];
}

/** What is being done. */
export type WorkStage = 'reading' | 'listening' | 'learning' | 'adapting' | 'separating';

export interface WorkProgress {
  /** Of the whole, 0 to 1. */
  readonly fraction: number;
  readonly stage: WorkStage;
  /** Name of the voice that is being learnt; null: all. */
  readonly voice: string | null;
}

/** What the worker does. */
export interface WorkRequests {
  readonly import: { readonly argument: ImportJob; readonly answer: ImportedSound };
  readonly find: { readonly argument: FindingJob; readonly answer: FoundSegments };
  readonly separate: { readonly argument: SeparationJob; readonly answer: SeparatedSound };
  readonly enrol: { readonly argument: EnrolmentJob; readonly answer: LearntVoice };
  /** The answer is the text of an adaptation file. */
  readonly adapt: { readonly argument: AdaptationJob; readonly answer: string };
}

export type WorkName = keyof WorkRequests;

/** From the page to the worker. */
export type WorkCall = {
  [Name in WorkName]: {
    readonly number: number;
    readonly name: Name;
    readonly argument: WorkRequests[Name]['argument'];
  };
}[WorkName];

/** From the worker to the page. The name of the call with this number determines the type of `answer`. */
export type WorkAnswer =
  | { readonly type: 'progress'; readonly number: number; readonly progress: WorkProgress }
  | { readonly type: 'answer'; readonly number: number; readonly answer: unknown }
  | { readonly type: 'refusal'; readonly number: number; readonly error: ErrorRecord };

/** Handlers of the worker. */
export type WorkHandlers = {
  readonly [Name in WorkName]: (
    argument: WorkRequests[Name]['argument'],
    onProgress: (progress: WorkProgress) => void,
  ) => Promise<WorkRequests[Name]['answer']>;
};

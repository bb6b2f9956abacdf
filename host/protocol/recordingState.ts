import * as v from 'valibot';
import type { Seconds } from '../../engine/core/units.ts';
import type { OpenRecording, RecordingPhase } from '../../engine/recording/OpenRecording.ts';

export type { OpenRecording, RecordingPhase, RecordingVoice } from '../../engine/recording/OpenRecording.ts';

/** Most voices of a recording: as many as can be found in it. */
export const MAXIMUM_RECORDING_VOICES = 6;
/** Longest time that a message may state; a recording of 16 bits at 48 kHz reaches the limit of a WAV file after 12 hours. */
export const MAXIMUM_RECORDING_SECONDS: Seconds = 86_400;
/** Largest file that can be opened. */
export const MAXIMUM_RECORDING_BYTES = 4_000_000_000;
/** Most columns of the overview, and samples of sound, in one answer. */
export const MAXIMUM_OVERVIEW_COLUMNS = 8192;
export const MAXIMUM_SOUND_SAMPLES = 480_000;

const PHASES = ['importing', 'ready', 'finding', 'separating'] as const satisfies readonly RecordingPhase[];
const TRACK_STATES = ['none', 'current', 'outdated'] as const satisfies readonly OpenRecording['tracks'][];

/** A voice from `startSeconds` up to `endSeconds`. */
export interface RecordingSegment {
  /** Stays the same while the segment is moved or assigned to another voice. */
  readonly id: number;
  /** Index among the voices. */
  readonly voice: number;
  readonly startSeconds: Seconds;
  readonly endSeconds: Seconds;
}

/** Segments of a recording, by start time. */
export interface RecordingSegments {
  /** `segmentsRevision` of the state that they belong to. */
  readonly revision: number;
  readonly segments: readonly RecordingSegment[];
}

/** Resolutions in which the overview of a recording can be requested. */
export interface RecordingOverviewFacts {
  /** Of level 0; each further level has half as many. */
  readonly columnsPerSecond: number;
  /** Frequency bands of a column, spaced logarithmically from 60 Hz to 8 kHz. */
  readonly bands: number;
  /** Number of columns of each level. */
  readonly levels: readonly number[];
}

export const OPEN_RECORDING: v.GenericSchema<unknown, OpenRecording> = v.object({
  id: v.number(),
  name: v.string(),
  seconds: v.number(),
  sampleRateHertz: v.number(),
  phase: v.picklist(PHASES),
  progress: v.number(),
  detail: v.nullable(v.string()),
  problem: v.nullable(v.string()),
  remarks: v.array(v.string()),
  voices: v.array(v.object({ name: v.string(), speakingSeconds: v.number() })),
  segmentsRevision: v.number(),
  canUndo: v.boolean(),
  canRedo: v.boolean(),
  tracks: v.picklist(TRACK_STATES),
  tracksRevision: v.number(),
});

export const RECORDING_SEGMENTS: v.GenericSchema<unknown, RecordingSegments> = v.object({
  revision: v.number(),
  segments: v.array(v.object({ id: v.number(), voice: v.number(), startSeconds: v.number(), endSeconds: v.number() })),
});

export const RECORDING_OVERVIEW: v.GenericSchema<unknown, RecordingOverviewFacts> = v.object({
  columnsPerSecond: v.number(),
  bands: v.number(),
  levels: v.array(v.number()),
});

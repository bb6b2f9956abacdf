import * as v from 'valibot';
import { InputError } from '../../engine/core/errors.ts';
import { OVERLOAD_LEVELS } from '../../engine/realtime/LoadGovernor.ts';
import type {
  AdaptationState,
  EndedRecording,
  EnrolmentState,
  ListedDevice,
  ListedPreset,
  ListedTake,
  LiveCounters,
  LiveState,
  LiveStatus,
  RecordingState,
} from './LiveState.ts';
import { OPEN_RECORDING } from './recordingState.ts';
import { SETTINGS } from './settingsSchema.ts';
import { VOICE_SEARCH } from './voiceSearch.ts';

type Schema<T> = v.GenericSchema<unknown, T>;

/** JSON has no NaN and no infinity: both arrive as null. */
const MEASURED: Schema<number> = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
);
const TEXT_OR_NULL = v.nullable(v.string());
const NUMBER_OR_NULL = v.nullable(v.number());

const DEVICE: Schema<ListedDevice> = v.object({
  id: v.string(),
  name: v.string(),
  inputChannels: v.number(),
  outputChannels: v.number(),
  sampleRateHertz: v.number(),
  isDefaultInput: v.boolean(),
  isDefaultOutput: v.boolean(),
});

const PRESET: Schema<ListedPreset> = v.object({
  name: v.string(),
  origin: v.picklist(['bundled', 'own', 'file', 'found']),
  isOwn: v.boolean(),
  templates: v.number(),
  bytes: v.number(),
  trainingSeconds: v.number(),
  notes: v.string(),
  licence: v.string(),
  problem: TEXT_OR_NULL,
});

const ENROLMENT: Schema<EnrolmentState> = v.object({
  name: v.string(),
  phase: v.picklist(['recording', 'ready', 'training', 'done', 'failed']),
  speechSeconds: v.number(),
  recordedSeconds: v.number(),
  hints: v.array(v.string()),
  canClean: v.boolean(),
  progress: v.number(),
  remainingSeconds: NUMBER_OR_NULL,
  loss: NUMBER_OR_NULL,
  message: TEXT_OR_NULL,
  files: v.array(v.object({ name: v.string(), speechSeconds: v.number() })),
});

const ADAPTATION: Schema<AdaptationState> = v.object({
  phase: v.picklist(['none', 'learning', 'adapted']),
  progress: v.number(),
  reason: TEXT_OR_NULL,
});

const RECORDING: Schema<RecordingState> = v.object({ folder: v.string(), seconds: v.number(), bytes: v.number() });

const ENDED_RECORDING: Schema<EndedRecording> = v.object({
  name: v.string(),
  folder: v.string(),
  seconds: v.number(),
  reason: TEXT_OR_NULL,
});

const TAKE: Schema<ListedTake> = v.object({
  name: v.string(),
  startTime: v.string(),
  seconds: NUMBER_OR_NULL,
  voices: v.array(v.string()),
  files: v.array(v.string()),
  bytes: v.number(),
  reason: TEXT_OR_NULL,
});

const STATE_FIELDS = {
  phase: v.exactOptional(v.picklist(['starting', 'running', 'waiting', 'stopped'])),
  problem: v.exactOptional(TEXT_OR_NULL),
  settings: v.exactOptional(SETTINGS),
  backends: v.exactOptional(v.array(v.string())),
  backend: v.exactOptional(TEXT_OR_NULL),
  inputName: v.exactOptional(TEXT_OR_NULL),
  inputChoice: v.exactOptional(TEXT_OR_NULL),
  outputName: v.exactOptional(TEXT_OR_NULL),
  sendName: v.exactOptional(TEXT_OR_NULL),
  sampleRateHertz: v.exactOptional(NUMBER_OR_NULL),
  windowSamples: v.exactOptional(NUMBER_OR_NULL),
  hopSamples: v.exactOptional(NUMBER_OR_NULL),
  devices: v.exactOptional(v.array(DEVICE)),
  presets: v.exactOptional(v.array(PRESET)),
  snapshots: v.exactOptional(v.array(v.string())),
  similarity: v.exactOptional(v.array(MEASURED)),
  adaptation: v.exactOptional(ADAPTATION),
  recording: v.exactOptional(v.nullable(RECORDING)),
  endedRecording: v.exactOptional(v.nullable(ENDED_RECORDING)),
  takes: v.exactOptional(v.array(TAKE)),
  openRecording: v.exactOptional(v.nullable(OPEN_RECORDING)),
  enrolment: v.exactOptional(v.nullable(ENROLMENT)),
  voiceSearch: v.exactOptional(VOICE_SEARCH),
  deletedPresets: v.exactOptional(v.array(v.string())),
  deletedTakes: v.exactOptional(v.array(v.string())),
  deletedSnapshots: v.exactOptional(v.array(v.string())),
} satisfies Record<keyof LiveState, unknown>;
const FIELD_NAMES = Object.keys(STATE_FIELDS) as (keyof LiveState)[];

/** A state of which unchanged fields are left out. */
export const CHANGED_STATE: Schema<Partial<LiveState>> = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), 'must be an object'),
  v.object(STATE_FIELDS),
);

/**
 * The state after a message of the host.
 * @param latest null: none has been received
 * @throws InputError if the first state of a connection is incomplete
 */
export function mergeState(latest: LiveState | null, changes: Partial<LiveState>): LiveState {
  const state = { ...latest, ...changes };
  const missing = FIELD_NAMES.find((name) => state[name] === undefined);
  if (missing !== undefined) throw new InputError(`host message, state.${missing}: missing`);
  return state as LiveState;
}

const COUNTERS: Schema<LiveCounters> = v.object({
  inputGaps: v.number(),
  inputLostSamples: v.number(),
  outputGaps: v.number(),
  outputLostSamples: v.number(),
  shortenings: v.number(),
  shortenedSamples: v.number(),
  overloads: v.number(),
  bypassedSamples: v.number(),
  invalidSamples: v.number(),
  clippedSamples: v.number(),
  restarts: v.number(),
  engineRestarts: v.number(),
  dryFallbacks: v.number(),
  dryFallbackSamples: v.number(),
  telemetryDropped: v.number(),
  recordingDroppedSamples: v.number(),
});

export const STATUS: Schema<LiveStatus> = v.object({
  seconds: v.number(),
  latency: v.object({
    algorithmSeconds: MEASURED,
    buffersSeconds: MEASURED,
    deviceSeconds: MEASURED,
    totalSeconds: MEASURED,
  }),
  load: v.object({ median: MEASURED, p99: MEASURED, largest: MEASURED }),
  overload: v.picklist(OVERLOAD_LEVELS),
  iterations: MEASURED,
  relativeGap: MEASURED,
  counters: COUNTERS,
  driftPpm: MEASURED,
  memoryBytes: v.number(),
});

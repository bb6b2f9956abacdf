import * as v from 'valibot';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { nameProblem, presetName } from '../../engine/model/PresetName.ts';
import { PARAMETERS } from '../../engine/separator/parameters.ts';
import { LATENCY_MODE_SECONDS, LATENCY_RANGE_SECONDS, type LatencyMode } from '../../engine/stft/StftPlan.ts';
import { MAXIMUM_RECORDING_SECONDS, MAXIMUM_RECORDING_VOICES } from './recordingState.ts';

export const FADER_RANGE_DECIBELS = { minimum: -60, maximum: 12 } as const;
export const CHANNEL_RANGE = { minimum: 1, maximum: 64 } as const;
/** Choices of channels besides their numbers. */
export const CHANNEL_MODES = ['mix', 'best'] as const;
export const SAMPLE_RATE_RANGE_HERTZ = { minimum: 4000, maximum: 384_000 } as const;
export const WINDOW_RANGE_SECONDS = { minimum: LATENCY_RANGE_SECONDS.minimum, maximum: 1 } as const;

const LATENCY_MODES = Object.keys(LATENCY_MODE_SECONDS) as [LatencyMode, ...LatencyMode[]];

const NAME = v.pipe(
  v.string(),
  v.check(
    (text) => nameProblem(text) === null,
    ({ input }) => nameProblem(input) ?? '',
  ),
);

/** Type and range of each setting: one schema for control messages, settings files and the command line. Messages follow the field's name. */
export const FIELDS = {
  slot: whole(0, MAXIMUM_SPEAKERS - 1),
  /** `SpeakerStrip.id`. */
  voiceId: whole(1, 2 ** 31 - 1),
  /** It is never a path, so that a name from the network cannot reach any other file. */
  presetName: v.pipe(NAME, v.transform(presetName)),
  snapshotName: v.pipe(
    NAME,
    v.transform((name) => name.normalize('NFC')),
  ),
  /** Name of a take's folder; never a path. */
  takeName: v.pipe(
    NAME,
    v.transform((name) => name.normalize('NFC')),
  ),
  gainDecibels: inRange(FADER_RANGE_DECIBELS),
  flag: v.boolean(),
  /** CSS colour, #rrggbb. */
  colour: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i)),
  wet: inRange({ minimum: 0, maximum: 1 }),
  iterations: v.pipe(inRange(PARAMETERS.iterations), v.integer()),
  maskExponent: inRange(PARAMETERS.maskExponent),
  maskFloor: inRange(PARAMETERS.maskFloor),
  rest: inRange(PARAMETERS.rest),
  separationStrength: inRange(PARAMETERS.separationStrength),
  latency: v.union([v.picklist(LATENCY_MODES), inRange(LATENCY_RANGE_SECONDS)]),
  windowSeconds: v.nullable(inRange(WINDOW_RANGE_SECONDS)),
  /** Name of a backend, or index, id or name of a device. */
  device: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  inputChannel: v.nullable(v.union([v.picklist(CHANNEL_MODES), whole(CHANNEL_RANGE.minimum, CHANNEL_RANGE.maximum)])),
  sampleRateHertz: v.nullable(inRange(SAMPLE_RATE_RANGE_HERTZ)),
  /** `RecordingSegment.id`. */
  segmentId: whole(1, 2 ** 31 - 1),
  /** Index of a voice of the open recording. */
  recordingVoice: whole(0, MAXIMUM_RECORDING_VOICES - 1),
  recordingVoices: whole(1, MAXIMUM_RECORDING_VOICES),
  recordingSeconds: inRange({ minimum: 0, maximum: MAXIMUM_RECORDING_SECONDS }),
} as const;

function inRange({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) {
  return v.pipe(
    v.number(),
    v.finite(),
    v.minValue(minimum, `must be at least ${minimum}`),
    v.maxValue(maximum, `must be at most ${maximum}`),
  );
}

function whole(minimum: number, maximum: number) {
  return v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(minimum, `must be at least ${minimum}`),
    v.maxValue(maximum, `must be at most ${maximum}`),
  );
}

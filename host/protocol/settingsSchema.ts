import * as v from 'valibot';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { PARAMETERS } from '../../engine/separator/parameters.ts';
import { CHANNEL_MODES, FIELDS } from './fields.ts';
import type { LiveSettings, MasterStrip, SpeakerStrip, StoredStrip, Strip } from './LiveState.ts';

const { gainDecibels, flag } = FIELDS;

const STRIP = v.object({ gainDecibels, isMuted: flag, isSoloed: flag }) satisfies v.GenericSchema<unknown, Strip>;

const STORED_STRIP = v.object({
  ...STRIP.entries,
  preset: FIELDS.presetName,
  colour: FIELDS.colour,
  isSent: flag,
}) satisfies v.GenericSchema<unknown, StoredStrip>;

const SPEAKER_STRIP = v.object({ ...STORED_STRIP.entries, id: FIELDS.voiceId }) satisfies v.GenericSchema<
  unknown,
  SpeakerStrip
>;

const MASTER_STRIP: v.GenericSchema<unknown, MasterStrip> = v.object({
  gainDecibels,
  /** Older files lack it. */
  isMuted: v.optional(flag, false),
  isBypassed: flag,
  wet: FIELDS.wet,
});

/** The settings without the devices, and without the ids of voices, which are of one session. */
export interface Snapshot extends Pick<LiveSettings, 'latency' | 'windowSeconds' | 'parameters' | 'rest' | 'master'> {
  readonly speakers: readonly StoredStrip[];
}

const MIX_FIELDS = {
  latency: FIELDS.latency,
  windowSeconds: FIELDS.windowSeconds,
  parameters: v.object({
    iterations: FIELDS.iterations,
    maskExponent: FIELDS.maskExponent,
    maskFloor: FIELDS.maskFloor,
    rest: FIELDS.rest,
    /** Older files lack it. */
    separationStrength: v.optional(FIELDS.separationStrength, PARAMETERS.separationStrength.default),
  }),
  rest: STRIP,
  master: MASTER_STRIP,
} as const;

/** Settings as snapshots store them. */
export const SNAPSHOT: v.GenericSchema<unknown, Snapshot> = v.object({
  ...MIX_FIELDS,
  speakers: v.pipe(v.array(STORED_STRIP), v.maxLength(MAXIMUM_SPEAKERS, `must be at most ${MAXIMUM_SPEAKERS}`)),
});

/** Devices are checked for their type only: the command line may name files, whose paths are longer than a panel may send. */
export const SETTINGS: v.GenericSchema<unknown, LiveSettings> = v.object({
  ...MIX_FIELDS,
  speakers: v.array(SPEAKER_STRIP),
  backend: v.nullable(v.string()),
  input: v.nullable(v.string()),
  inputChannel: v.nullable(v.union([v.picklist(CHANNEL_MODES), v.number()])),
  output: v.nullable(v.string()),
  send: v.nullable(v.string()),
  sampleRateHertz: v.nullable(v.number()),
});

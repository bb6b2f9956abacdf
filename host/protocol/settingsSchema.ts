import * as v from 'valibot';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { PARAMETERS } from '../../engine/separator/parameters.ts';
import { FIELDS } from './fields.ts';
import type { LiveSettings, MasterStrip, SpeakerStrip, Strip } from './LiveState.ts';

const { gainDecibels, flag } = FIELDS;

const STRIP = v.object({ gainDecibels, isMuted: flag, isSoloed: flag }) satisfies v.GenericSchema<unknown, Strip>;

const SPEAKER_STRIP: v.GenericSchema<unknown, SpeakerStrip> = v.object({
  ...STRIP.entries,
  preset: FIELDS.presetName,
  colour: FIELDS.colour,
  isSent: flag,
});

const MASTER_STRIP: v.GenericSchema<unknown, MasterStrip> = v.object({
  gainDecibels,
  isBypassed: flag,
  wet: FIELDS.wet,
});

/** The settings without the devices. */
export type Snapshot = Pick<LiveSettings, 'latency' | 'windowSeconds' | 'parameters' | 'speakers' | 'rest' | 'master'>;

/** Settings as snapshots store them. */
export const SNAPSHOT: v.GenericSchema<unknown, Snapshot> = v.object({
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
  speakers: v.pipe(v.array(SPEAKER_STRIP), v.maxLength(MAXIMUM_SPEAKERS, `must be at most ${MAXIMUM_SPEAKERS}`)),
  rest: STRIP,
  master: MASTER_STRIP,
});

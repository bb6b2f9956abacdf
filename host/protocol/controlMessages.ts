import * as v from 'valibot';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { requirePresetName } from '../../engine/model/Preset.ts';
import { PARAMETERS } from '../../engine/separator/parameters.ts';
import { LATENCY_MODE_SECONDS, LATENCY_RANGE_SECONDS, type LatencyMode } from '../../engine/stft/StftPlan.ts';

/** Control messages are small; longer ones are refused before they are parsed. */
export const MAXIMUM_CONTROL_BYTES = 16_384;

export const FADER_RANGE_DECIBELS = { minimum: -60, maximum: 12 } as const;

const LATENCY_MODES = Object.keys(LATENCY_MODE_SECONDS) as [LatencyMode, ...LatencyMode[]];

const text = v.pipe(v.string(), v.maxLength(200));
/** Name of a preset or snapshot. It is never a path, so that a name from the network cannot reach any other file. */
const name = v.pipe(
  v.string(),
  v.check(isName, 'must be 1 to 64 letters, digits, spaces, dots, dashes or underscores'),
);
const slot = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAXIMUM_SPEAKERS - 1));
/** Preset of the speaker that the sender means. Slots move when a speaker is unloaded; the message is refused if the slot holds another. */
const voice = text;
const gainDecibels = inRange(FADER_RANGE_DECIBELS.minimum, FADER_RANGE_DECIBELS.maximum);
const strip = {
  gainDecibels: v.optional(gainDecibels),
  isMuted: v.optional(v.boolean()),
  isSoloed: v.optional(v.boolean()),
};

/** All requests that a panel or remote control may send. README.md in this folder lists them as a table. */
export const CONTROL_MESSAGE = v.variant('type', [
  v.strictObject({
    type: v.literal('setSpeaker'),
    slot,
    voice: v.optional(voice),
    ...strip,
    isSent: v.optional(v.boolean()),
    colour: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i))),
  }),
  v.strictObject({ type: v.literal('setRest'), ...strip }),
  v.strictObject({
    type: v.literal('setMaster'),
    gainDecibels: v.optional(gainDecibels),
    isBypassed: v.optional(v.boolean()),
    wet: v.optional(inRange(0, 1)),
  }),
  v.strictObject({
    type: v.literal('setParameters'),
    iterations: v.optional(v.pipe(parameter('iterations'), v.integer())),
    maskExponent: v.optional(parameter('maskExponent')),
    maskFloor: v.optional(parameter('maskFloor')),
    rest: v.optional(parameter('rest')),
  }),
  v.strictObject({
    type: v.literal('setWindow'),
    latency: v.optional(
      v.union([v.picklist(LATENCY_MODES), inRange(LATENCY_RANGE_SECONDS.minimum, LATENCY_RANGE_SECONDS.maximum)]),
    ),
    windowSeconds: v.optional(v.nullable(inRange(LATENCY_RANGE_SECONDS.minimum, 1))),
  }),
  v.strictObject({
    type: v.literal('setDevices'),
    backend: v.optional(v.nullable(text)),
    input: v.optional(v.nullable(text)),
    inputChannel: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)))),
    output: v.optional(v.nullable(text)),
    send: v.optional(v.nullable(text)),
    sampleRateHertz: v.optional(v.nullable(inRange(4000, 384_000))),
  }),
  /** Searches for added and removed devices; the result appears in the state. */
  v.strictObject({ type: v.literal('refreshDevices') }),
  /** Replaces the speaker in the slot. From the number of loaded speakers on, `slot` adds one; with `voice` null it adds one or is refused. */
  v.strictObject({ type: v.literal('loadPreset'), slot, voice: v.optional(v.nullable(voice)), preset: name }),
  v.strictObject({ type: v.literal('unloadPreset'), slot, voice: v.optional(voice) }),
  v.strictObject({ type: v.literal('renamePreset'), preset: name, name }),
  v.strictObject({ type: v.literal('deletePreset'), preset: name }),
  v.strictObject({ type: v.literal('restorePreset'), preset: name }),
  v.strictObject({ type: v.literal('saveSnapshot'), name }),
  v.strictObject({ type: v.literal('recallSnapshot'), name }),
  v.strictObject({ type: v.literal('deleteSnapshot'), name }),
  v.strictObject({ type: v.literal('startRecording') }),
  v.strictObject({ type: v.literal('stopRecording') }),
  /** Records the input as the speech of one person, or waits for uploaded files. */
  v.strictObject({ type: v.literal('startEnrolment'), name, source: v.picklist(['microphone', 'files']) }),
  v.strictObject({ type: v.literal('trainEnrolment') }),
  v.strictObject({ type: v.literal('cancelEnrolment') }),
]);

export type ControlMessage = v.InferOutput<typeof CONTROL_MESSAGE>;

/** Chosen by the sender, and repeated in the answer to its message. */
export type RequestId = v.InferOutput<typeof REQUEST_ID>;
export const REQUEST_ID = v.union([v.pipe(v.string(), v.maxLength(64)), v.pipe(v.number(), v.safeInteger())]);

/** A request from the network that has not been checked. */
export interface ControlRequest {
  /** null: the sender requests no answer; a refusal is still sent. */
  readonly id: RequestId | null;
  /** Without the id; to be checked by `checkControlMessage`. */
  readonly message: unknown;
}

/** @throws InputError if the message is too long or not JSON, or its id is invalid */
export function parseControlRequest(json: string): ControlRequest {
  if (json.length > MAXIMUM_CONTROL_BYTES) {
    throw new InputError(`a control message must be at most ${MAXIMUM_CONTROL_BYTES} bytes, got ${json.length}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new InputError('a control message must be JSON');
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'id')) return { id: null, message: value };
  const { id, ...message } = value as { id: unknown };
  if (!v.is(REQUEST_ID, id)) throw new InputError('id: must be a whole number or a text of at most 64 characters');
  return { id, message };
}

/**
 * Reads a control message from the network.
 * @throws InputError with the field and the allowed values
 */
export function parseControlMessage(json: string): ControlMessage {
  return checkControlMessage(parseControlRequest(json).message);
}

/** @throws InputError with the field and the allowed values */
export function checkControlMessage(value: unknown): ControlMessage {
  const result = v.safeParse(CONTROL_MESSAGE, withCurrentType(value), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'message';
  throw new InputError(`${path}: ${issue.message}`);
}

/** Message types of version 0.1, which are still accepted. */
const FORMER_TYPES: Readonly<Record<string, ControlMessage['type']>> = {
  saveScene: 'saveSnapshot',
  recallScene: 'recallSnapshot',
  deleteScene: 'deleteSnapshot',
};

function withCurrentType(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') return value;
  return Object.hasOwn(FORMER_TYPES, value.type) ? { ...value, type: FORMER_TYPES[value.type] } : value;
}

function isName(text: string): boolean {
  try {
    requirePresetName(text);
    return true;
  } catch {
    return false;
  }
}

function inRange(minimum: number, maximum: number) {
  return v.pipe(
    v.number(),
    v.finite(),
    v.minValue(minimum, `must be at least ${minimum}`),
    v.maxValue(maximum, `must be at most ${maximum}`),
  );
}

function parameter(name: keyof typeof PARAMETERS) {
  return inRange(PARAMETERS[name].minimum, PARAMETERS[name].maximum);
}

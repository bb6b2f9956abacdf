import * as v from 'valibot';
import { InputError } from '../../engine/core/errors.ts';
import { FIELDS } from './fields.ts';
import { RECORDING_MESSAGES } from './recordingMessages.ts';

/** Control messages are small; longer ones are refused before they are parsed. */
export const MAXIMUM_CONTROL_BYTES = 16_384;

const { presetName, snapshotName, takeName, flag } = FIELDS;
/**
 * The voice that the sender means, by the id of its strip, which is sufficient, or by its preset, which needs the slot. Slots move when a
 * voice is unloaded: the message is refused if the voice is no longer loaded, or the slot holds another.
 */
const voice = v.union([FIELDS.voiceId, presetName]);
/** Not needed where `voice` is an id. */
const slot = v.optional(FIELDS.slot);
const strip = { gainDecibels: v.optional(FIELDS.gainDecibels), isMuted: v.optional(flag), isSoloed: v.optional(flag) };

/** All requests that a panel or remote control may send. README.md in this folder lists them as a table. */
export const CONTROL_MESSAGE = v.variant('type', [
  v.strictObject({
    type: v.literal('setSpeaker'),
    slot,
    voice: v.optional(voice),
    ...strip,
    isSent: v.optional(flag),
    colour: v.optional(FIELDS.colour),
  }),
  v.strictObject({ type: v.literal('setRest'), ...strip }),
  v.strictObject({
    type: v.literal('setMaster'),
    gainDecibels: v.optional(FIELDS.gainDecibels),
    isMuted: v.optional(flag),
    isBypassed: v.optional(flag),
    wet: v.optional(FIELDS.wet),
  }),
  v.strictObject({
    type: v.literal('setParameters'),
    iterations: v.optional(FIELDS.iterations),
    maskExponent: v.optional(FIELDS.maskExponent),
    maskFloor: v.optional(FIELDS.maskFloor),
    rest: v.optional(FIELDS.rest),
    separationStrength: v.optional(FIELDS.separationStrength),
  }),
  v.strictObject({
    type: v.literal('setWindow'),
    latency: v.optional(FIELDS.latency),
    windowSeconds: v.optional(FIELDS.windowSeconds),
  }),
  v.strictObject({
    type: v.literal('setDevices'),
    backend: v.optional(FIELDS.device),
    input: v.optional(FIELDS.device),
    inputChannel: v.optional(FIELDS.inputChannel),
    output: v.optional(FIELDS.device),
    send: v.optional(FIELDS.device),
    sampleRateHertz: v.optional(FIELDS.sampleRateHertz),
  }),
  /** Searches for added and removed devices; the result appears in the state. */
  v.strictObject({ type: v.literal('refreshDevices') }),
  /** Replaces a voice. With `voice` null, and in a slot from the number of loaded voices on, it adds one; with `voice` null it never replaces one. */
  v.strictObject({ type: v.literal('loadPreset'), slot, voice: v.optional(v.nullable(voice)), preset: presetName }),
  v.strictObject({ type: v.literal('unloadPreset'), slot, voice: v.optional(voice) }),
  v.strictObject({ type: v.literal('renamePreset'), preset: presetName, name: presetName }),
  v.strictObject({ type: v.literal('deletePreset'), preset: presetName }),
  v.strictObject({ type: v.literal('restorePreset'), preset: presetName }),
  v.strictObject({ type: v.literal('saveSnapshot'), name: snapshotName }),
  v.strictObject({ type: v.literal('recallSnapshot'), name: snapshotName }),
  v.strictObject({ type: v.literal('deleteSnapshot'), name: snapshotName }),
  v.strictObject({ type: v.literal('restoreSnapshot'), name: snapshotName }),
  /** Plays the bundled mixture of two voices in a loop, with their voices loaded. */
  v.strictObject({ type: v.literal('startDemo') }),
  v.strictObject({ type: v.literal('startRecording') }),
  v.strictObject({ type: v.literal('stopRecording') }),
  v.strictObject({ type: v.literal('renameTake'), take: takeName, name: takeName }),
  v.strictObject({ type: v.literal('deleteTake'), take: takeName }),
  v.strictObject({ type: v.literal('restoreTake'), take: takeName }),
  /** Opens the folder of a take in the file manager of the host's machine. */
  v.strictObject({ type: v.literal('showTake'), take: takeName }),
  /** Records the input as the speech of one person, or waits for uploaded files. */
  v.strictObject({ type: v.literal('startEnrolment'), name: presetName, source: v.picklist(['microphone', 'files']) }),
  /** With `isClean`, parts with other voices, music or noise are left out. */
  v.strictObject({ type: v.literal('trainEnrolment'), isClean: v.optional(v.boolean()) }),
  v.strictObject({ type: v.literal('removeEnrolmentFile'), name: v.pipe(v.string(), v.maxLength(300)) }),
  v.strictObject({ type: v.literal('cancelEnrolment') }),
  /** Listens to the input, and gives each voice that was alone for long enough a strip; with null, finds out how many there are. */
  v.strictObject({ type: v.literal('startVoiceSearch'), voices: v.nullable(FIELDS.recordingVoices) }),
  /** Found voices stay loaded. */
  v.strictObject({ type: v.literal('stopVoiceSearch') }),
  /** Adds the preset of a found voice to the library, by its name or another one. */
  v.strictObject({ type: v.literal('keepFoundVoice'), preset: presetName, name: v.optional(presetName) }),
  ...RECORDING_MESSAGES,
]);

/** A control message as its sender writes it. */
export type ControlMessage = v.InferInput<typeof CONTROL_MESSAGE>;

/** A control message that `checkControlMessage` has accepted: ranges are observed, and names are names. */
export type CheckedMessage = v.InferOutput<typeof CONTROL_MESSAGE>;

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
export function parseControlMessage(json: string): CheckedMessage {
  return checkControlMessage(parseControlRequest(json).message);
}

/** @throws InputError with the field and the allowed values */
export function checkControlMessage(value: unknown): CheckedMessage {
  const result = v.safeParse(CONTROL_MESSAGE, withCurrentType(value), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InputError(problemOf(issue, value));
}

function problemOf(issue: v.InferIssue<typeof CONTROL_MESSAGE>, value: unknown): string {
  const path = v.getDotPath(issue) ?? 'message';
  if (issue.type !== 'strict_object' || issue.path?.length !== 1) return `${path}: ${issue.message}`;
  // The type is one of those that exist: it is checked first.
  const { type } = withCurrentType(value) as { readonly type: string };
  if (issue.expected !== 'never') return `${type} needs the field ${path}`;
  const fields = CONTROL_MESSAGE.options
    .filter(({ entries }) => entries.type.literal === type)
    .flatMap(({ entries }) => Object.keys(entries).filter((field) => field !== 'type'));
  return `${type} has no field ${path}; it has ${fields.length === 0 ? 'none' : fields.join(', ')}`;
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

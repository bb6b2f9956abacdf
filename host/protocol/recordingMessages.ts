import * as v from 'valibot';
import { FIELDS } from './fields.ts';

const { presetName, segmentId, recordingVoice: voice, recordingSeconds: seconds } = FIELDS;
const interval = { startSeconds: seconds, endSeconds: seconds };

/** Changes of the segments and voices of the open recording. */
export const RECORDING_EDIT = v.variant('type', [
  v.strictObject({ type: v.literal('move'), segment: segmentId, ...interval }),
  v.strictObject({ type: v.literal('assign'), segment: segmentId, voice }),
  v.strictObject({ type: v.literal('add'), voice, ...interval }),
  v.strictObject({ type: v.literal('remove'), segment: segmentId }),
  v.strictObject({ type: v.literal('rename'), voice, name: presetName }),
  v.strictObject({ type: v.literal('addVoice'), name: presetName }),
  /** The segments of `voice` become those of `into`. */
  v.strictObject({ type: v.literal('merge'), voice, into: voice }),
]);
export type RecordingEdit = v.InferOutput<typeof RECORDING_EDIT>;

/** Requests about the open recording, which is uploaded by HTTP. */
export const RECORDING_MESSAGES = [
  /** Replaces voices and segments by those that are found; with null, finds out how many voices there are. */
  v.strictObject({ type: v.literal('findVoices'), voices: v.nullable(FIELDS.recordingVoices) }),
  v.strictObject({ type: v.literal('editRecording'), edit: RECORDING_EDIT }),
  v.strictObject({ type: v.literal('undoRecording') }),
  v.strictObject({ type: v.literal('redoRecording') }),
  /** Learns each voice from where it is alone, and writes a track of each and of the rest. */
  v.strictObject({ type: v.literal('separateRecording') }),
  /** Stops the present work; what existed before it stays. An import that is stopped closes the recording. */
  v.strictObject({ type: v.literal('cancelRecording') }),
  v.strictObject({ type: v.literal('closeRecording') }),
  /** Adds the preset learnt of a voice to the library, by the voice's name or another one. */
  v.strictObject({ type: v.literal('keepVoice'), voice, name: v.optional(presetName) }),
] as const;
export type RecordingMessage = v.InferOutput<(typeof RECORDING_MESSAGES)[number]>;

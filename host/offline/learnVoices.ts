import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import type { VoiceSegment } from '../../engine/diarization/segments.ts';
import { parsePreset } from '../../engine/model/Preset.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import type { SpeakerEmbedding } from '../../engine/model/SpeakerEmbedding.ts';
import { TRAINING_RANGES } from '../../engine/model/trainingRanges.ts';
import { trainInThread } from '../workers/TrainerThread.ts';
import type { TrainerResult } from '../workers/trainerMessages.ts';
import { EnrolmentCheck } from './EnrolmentCheck.ts';
import type { FoundVoices, RecordingInput } from './findVoices.ts';
import { measureActivity } from './voiceActivity.ts';
import { readVoiceRecordings, type VoiceRecording } from './voiceRecordings.ts';

/** A preset that was learnt from a recording, and the evidence to adapt it to others. */
export type LearntVoice = Pick<TrainerResult, 'presetText' | 'evidenceText'>;

export interface LearningListener {
  readonly signal: AbortSignal;
  /** Run at low priority because audio is live. @default false: a user is waiting */
  readonly isLowPriority?: boolean;
  /**
   * @param fraction of the learning, 0 to 1
   * @param name of the voice that is being learnt; null: all are listened to
   */
  readonly onProgress: (fraction: number, name: PresetName | null) => void;
}

/** Part of the progress, from 0 to 1. */
type Span = readonly [number, number];

interface Estimate {
  /** Speech that each voice is learnt from. */
  readonly seconds: Seconds;
  /** Whether it is the result, with evidence and embedding. */
  readonly isKept: boolean;
  readonly span: Span;
}

const FIRST_SPAN: Span = [0, 0.35];
const ACTIVITY_SPAN: Span = [0.35, 0.45];
const REFINED_SPAN: Span = [0.45, 1];
/** Speech from which voices are learnt for the first estimate. */
const FIRST_SECONDS: Seconds = 30;
/** Someone who is alone for a shorter time is first learnt from all that they say. */
const LEAST_FIRST_SECONDS: Seconds = 6;
/** With less than this, the second estimate is not better than the first. */
const LEAST_REFINED_SECONDS: Seconds = 8;

/**
 * Learns the voices of a recording, finds out with the result where each is really alone, and learns them again from that.
 * @param names [voices]
 * @param offset constant part of the recording (DC)
 * @returns [voices]
 * @throws InputError if a voice speaks too little; CallError if it is aborted, or a trainer fails
 */
export async function learnTwice(
  recording: RecordingInput,
  found: Pick<FoundVoices, 'segments' | 'solo'>,
  names: readonly PresetName[],
  offset: number,
  listener: LearningListener,
): Promise<LearntVoice[]> {
  const { signal } = listener;
  const within =
    ([from, to]: Span, name: PresetName | null) =>
    (fraction: number) =>
      listener.onProgress(from + (to - from) * fraction, name);
  const learnAll = async (
    solo: readonly (readonly VoiceSegment[])[],
    { seconds, isKept, span: [from, to] }: Estimate,
  ) => {
    const recordings = await readVoiceRecordings(recording, solo, offset, signal);
    const learnt: LearntVoice[] = [];
    for (const [index, name] of names.entries()) {
      const part = (to - from) / names.length;
      const onProgress = within([from + index * part, from + (index + 1) * part], name);
      learnt.push(await learn(name, recordings[index]!, { seconds, isKept }, { ...listener, onProgress }));
    }
    return learnt;
  };
  const first = found
    .solo(null)
    .map((alone, voice) =>
      secondsOf(alone) >= LEAST_FIRST_SECONDS ? alone : found.segments.filter((segment) => segment.voice === voice),
    );
  const estimated = await learnAll(first, { seconds: FIRST_SECONDS, isKept: false, span: FIRST_SPAN });
  const presets = estimated.map(({ presetText }) => parsePreset(presetText));
  const onProgress = within(ACTIVITY_SPAN, null);
  const activity = await measureActivity(recording, presets, offset, { signal, onProgress });
  const refined = found
    .solo(activity)
    .map((alone, voice) => (secondsOf(alone) >= LEAST_REFINED_SECONDS ? alone : first[voice]!));
  return learnAll(refined, { seconds: TRAINING_RANGES.seconds.default, isKept: true, span: REFINED_SPAN });
}

function secondsOf(segments: readonly VoiceSegment[]): Seconds {
  return segments.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
}

async function learn(
  name: PresetName,
  recordings: readonly VoiceRecording[],
  { seconds, isKept }: Pick<Estimate, 'seconds' | 'isKept'>,
  {
    signal,
    isLowPriority = false,
    onProgress,
  }: Pick<LearningListener, 'signal' | 'isLowPriority'> & { readonly onProgress: (fraction: number) => void },
): Promise<LearntVoice> {
  const { templates, updates, seed } = TRAINING_RANGES;
  const job = {
    recordings,
    embedding: isKept ? await embeddingOf(recordings, signal) : null,
    holdout: [],
    created: new Date().toISOString().slice(0, 10),
    hasEvidence: isKept,
    isLowPriority,
    name,
    notes: '',
    licence: '',
    templates: templates.default,
    seconds,
    updates: updates.default,
    seed: seed.default,
  };
  try {
    return await trainInThread(job, {
      signal,
      onMessage: (message) => {
        if (message.type === 'progress') onProgress(message.progress.fraction);
      },
    });
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${name}: ${error.message}`) : error;
  }
}

async function embeddingOf(
  recordings: readonly VoiceRecording[],
  signal: AbortSignal,
): Promise<SpeakerEmbedding | null> {
  const check = new EnrolmentCheck();
  await check.add(
    recordings.map((recording) => ({ ...recording, startSeconds: 0, channels: 1, remarks: [] })),
    signal,
  );
  return check.embedding;
}

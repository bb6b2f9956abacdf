import { InputError } from '../../engine/core/errors.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import type { SpeakerEmbedding } from '../../engine/model/SpeakerEmbedding.ts';
import { TRAINING_RANGES } from '../../engine/model/trainingRanges.ts';
import type { FoundVoices } from '../../engine/recording/foundVoices.ts';
import {
  type LearningAmount,
  type LearningProgress,
  type LearntVoice,
  learnTwice,
} from '../../engine/recording/learnTwice.ts';
import { trainInThread } from '../workers/TrainerThread.ts';
import { EnrolmentCheck } from './EnrolmentCheck.ts';
import type { RecordingInput } from './findVoices.ts';
import { measureActivity } from './voiceActivity.ts';
import { readVoiceRecordings, type VoiceRecording } from './voiceRecordings.ts';

export interface LearningListener {
  readonly signal: AbortSignal;
  /** Run at low priority because audio is live. @default false: a user is waiting */
  readonly isLowPriority?: boolean;
  readonly onProgress: LearningProgress;
}

/**
 * Learns the voices of a recording, as `learnTwice` does, in trainer threads.
 * @param names [voices]
 * @param offset constant part of the recording (DC)
 * @returns [voices]
 * @throws InputError if a voice speaks too little; CallError if it is aborted, or a trainer fails
 */
export function learnRecordedVoices(
  recording: RecordingInput,
  found: Pick<FoundVoices, 'segments' | 'solo'>,
  names: readonly PresetName[],
  offset: number,
  listener: LearningListener,
): Promise<LearntVoice[]> {
  const { signal } = listener;
  const learner = {
    readVoices: (solo: Parameters<typeof readVoiceRecordings>[1]) =>
      readVoiceRecordings(recording, solo, offset, signal),
    measureActivity: (presets: Parameters<typeof measureActivity>[1], onProgress: (fraction: number) => void) =>
      measureActivity(recording, presets, offset, { signal, onProgress }),
    learn: (
      name: PresetName,
      recordings: readonly VoiceRecording[],
      amount: LearningAmount,
      onProgress: (fraction: number) => void,
    ) => learn(name, recordings, amount, listener, onProgress),
  };
  return learnTwice(found, names, learner, listener.onProgress);
}

async function learn(
  name: PresetName,
  recordings: readonly VoiceRecording[],
  { seconds, isKept }: LearningAmount,
  { signal, isLowPriority = false }: LearningListener,
  onProgress: (fraction: number) => void,
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

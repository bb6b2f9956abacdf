import type { Seconds } from '../core/units.ts';
import type { VoiceSegment } from '../diarization/segments.ts';
import { type Preset, parsePreset } from '../model/Preset.ts';
import type { PresetName } from '../model/PresetName.ts';
import { TRAINING_RANGES } from '../model/trainingRanges.ts';
import type { FoundVoices } from './foundVoices.ts';

/** A preset that was learnt from a recording, and the evidence to adapt it to others. */
export interface LearntVoice {
  readonly presetText: string;
  /** null: none was collected. */
  readonly evidenceText: string | null;
}

/** How much is learnt of a voice. */
export interface LearningAmount {
  /** Speech that the voice is learnt from. */
  readonly seconds: Seconds;
  /** Whether it is the result, with evidence and embedding. */
  readonly isKept: boolean;
}

/** What learning needs of the platform: a recording that can be read again, and a trainer. */
export interface VoiceLearner<Recording> {
  /** @param solo [voices] segments of each voice, in the order of time @returns [voices] recordings of each */
  readVoices(solo: readonly (readonly VoiceSegment[])[]): Promise<readonly (readonly Recording[])[]>;
  /**
   * @param presets of the voices @param onProgress called with a fraction, 0 to 1
   * @returns [voices][blocks of `BLOCK_SECONDS`] mean probability that the voice is active
   */
  measureActivity(presets: readonly Preset[], onProgress: (fraction: number) => void): Promise<readonly Float32Array[]>;
  /** @param onProgress called with a fraction, 0 to 1 */
  learn(
    name: PresetName,
    recordings: readonly Recording[],
    amount: LearningAmount,
    onProgress: (fraction: number) => void,
  ): Promise<LearntVoice>;
}

/**
 * @param fraction of the learning, 0 to 1
 * @param name of the voice that is being learnt; null: all are listened to
 */
export type LearningProgress = (fraction: number, name: PresetName | null) => void;

/** Part of the progress, from 0 to 1. */
type Span = readonly [number, number];

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
 * @returns [voices]
 * @throws the errors of `learner`
 */
export async function learnTwice<Recording>(
  found: Pick<FoundVoices, 'segments' | 'solo'>,
  names: readonly PresetName[],
  learner: VoiceLearner<Recording>,
  onProgress: LearningProgress,
): Promise<LearntVoice[]> {
  const first = firstPassages(found);
  const estimated = await learnAll(names, first, { seconds: FIRST_SECONDS, isKept: false }, learner, (...progress) =>
    report(FIRST_SPAN, onProgress, ...progress),
  );
  const presets = estimated.map(({ presetText }) => parsePreset(presetText));
  const activity = await learner.measureActivity(presets, (fraction) =>
    report(ACTIVITY_SPAN, onProgress, fraction, null),
  );
  const refined = found
    .solo(activity)
    .map((alone, voice) => (secondsOf(alone) >= LEAST_REFINED_SECONDS ? alone : first[voice]!));
  const amount = { seconds: TRAINING_RANGES.seconds.default, isKept: true };
  return learnAll(names, refined, amount, learner, (...progress) => report(REFINED_SPAN, onProgress, ...progress));
}

/**
 * Learns the voices of a recording as the first estimate of `learnTwice` does: in a third of the time.
 * @param names [voices]
 * @returns [voices]
 * @throws the errors of `learner`
 */
export function learnOnce<Recording>(
  found: Pick<FoundVoices, 'segments' | 'solo'>,
  names: readonly PresetName[],
  learner: VoiceLearner<Recording>,
  onProgress: LearningProgress,
): Promise<LearntVoice[]> {
  return learnAll(names, firstPassages(found), { seconds: FIRST_SECONDS, isKept: true }, learner, onProgress);
}

async function learnAll<Recording>(
  names: readonly PresetName[],
  solo: readonly (readonly VoiceSegment[])[],
  amount: LearningAmount,
  learner: VoiceLearner<Recording>,
  onProgress: LearningProgress,
): Promise<LearntVoice[]> {
  const recordings = await learner.readVoices(solo);
  const learnt: LearntVoice[] = [];
  for (const [index, name] of names.entries()) {
    learnt.push(
      await learner.learn(name, recordings[index]!, amount, (fraction) =>
        onProgress((index + fraction) / names.length, name),
      ),
    );
  }
  return learnt;
}

/** @returns [voices] where each is alone, or all of its segments if that is too little */
function firstPassages({ segments, solo }: Pick<FoundVoices, 'segments' | 'solo'>): (readonly VoiceSegment[])[] {
  return solo(null).map((alone, voice) =>
    secondsOf(alone) >= LEAST_FIRST_SECONDS ? alone : segments.filter((segment) => segment.voice === voice),
  );
}

function report([from, to]: Span, onProgress: LearningProgress, fraction: number, name: PresetName | null): void {
  onProgress(from + (to - from) * fraction, name);
}

function secondsOf(segments: readonly VoiceSegment[]): Seconds {
  return segments.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
}

import type { Seconds } from '../core/units.ts';
import { blocksIn } from '../embedding/SpeechBlocks.ts';
import { segmentActivity, soloSegments, type VoiceSegment } from './segments.ts';

/** A segment as it was found, or as a user has changed it. */
export interface CorrectedSegment extends VoiceSegment {
  /** How certain its voice is, 0 to 1; null: the user states it. */
  readonly certainty: number | null;
}

/**
 * Where each voice is alone, by segments that a user may have corrected: exactly one voice has a segment, no other one is near, and there is
 * no overlap.
 * @param voices number of voices
 * @param seconds duration of the recording
 * @param overlap [blocks of `BLOCK_SECONDS`] probability that several voices speak; null: not known
 * @returns as `solo` of `FoundVoices`
 */
export function soloPassages(
  segments: readonly CorrectedSegment[],
  voices: number,
  seconds: Seconds,
  overlap: Float32Array | null,
): (activity: readonly Float32Array[] | null) => VoiceSegment[][] {
  const blockCount = overlap?.length ?? blocksIn(seconds) + 1;
  const blocks = Array.from({ length: blockCount }, (_, block) => ({ overlap: overlap?.[block] ?? 0 }));
  const activities = segmentActivity(segments, voices, blockCount);
  return (activity) => activities.map((_, voice) => soloSegments(activities, voice, blocks, activity));
}

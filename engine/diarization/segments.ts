import type { Seconds } from '../core/units.ts';
import { BLOCK_SECONDS, blocksIn, type SpeechBlock } from '../embedding/SpeechBlocks.ts';
import type { DiarizedVoice } from './diarize.ts';

/** A voice from `startSeconds` up to `endSeconds`. */
export interface VoiceSegment {
  /** Index among the voices. */
  readonly voice: number;
  readonly startSeconds: Seconds;
  readonly endSeconds: Seconds;
}

/** When a voice speaks, and how certain that is: see DiarizedVoice. */
export type VoiceActivity = Pick<DiarizedVoice, 'isSpeaking' | 'certainty' | 'alone'>;

/** Pauses of a voice up to this length are part of its segment. */
const BRIDGED_BLOCKS = blocksIn(0.3);
const SHORTEST_BLOCKS = blocksIn(0.3);
/** Blocks this close to a change from one voice to another may hold both. */
const CHANGE_BLOCKS = blocksIn(0.3);
/** Chance of two voices, averaged over `AVERAGED_BLOCKS` before and after a block, above which it is not of one voice alone. */
const MOST_OVERLAP = 0.13;
const AVERAGED_BLOCKS = 2;
/** Chance that the voice speaks alone, averaged in the same way, below which it does not; where it is known, it decides. */
const LEAST_ALONE = 0.6;
/** Limits of the activity, averaged over `AVERAGED_BLOCKS` before and after a block, of the voice and of each other one. */
const LEAST_OWN = 0.4;
const MOST_OTHER = 0.2;
/** Least mean certainty of a solo segment. */
const LEAST_CERTAINTY = 0.8;
const SHORTEST_SOLO_BLOCKS = blocksIn(0.6);

/** @returns the segments of all voices, by start time */
export function voiceSegments(voices: readonly DiarizedVoice[]): VoiceSegment[] {
  return voices
    .flatMap(({ isSpeaking }, voice) =>
      bridged(runsOf(isSpeaking))
        .filter(({ start, end }) => end - start >= SHORTEST_BLOCKS)
        .map((run) => segmentOf(voice, run)),
    )
    .sort((one, other) => one.startSeconds - other.startSeconds);
}

/** @returns the parts of other voices' segments during a segment */
export function overlapsOf(segments: readonly VoiceSegment[], segment: VoiceSegment): VoiceSegment[] {
  return segments
    .filter(({ voice }) => voice !== segment.voice)
    .map(({ voice, startSeconds, endSeconds }) => ({
      voice,
      startSeconds: Math.max(startSeconds, segment.startSeconds),
      endSeconds: Math.min(endSeconds, segment.endSeconds),
    }))
    .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds);
}

/**
 * Where a voice certainly speaks alone: what it can be learnt from.
 * @param activity [voices][blocks] probability that each voice is active, by templates learnt from a first estimate; null: not known
 * @param changeBlocks distance to other voices, in blocks: the larger, the purer, and the less
 * @returns segments in the order of time
 */
export function soloSegments(
  voices: readonly VoiceActivity[],
  voice: number,
  blocks: readonly Pick<SpeechBlock, 'overlap'>[],
  activity: readonly Float32Array[] | null = null,
  changeBlocks = CHANGE_BLOCKS,
): VoiceSegment[] {
  const own = voices[voice]!;
  const alone = own.alone === null ? null : averaged(own.alone);
  const isAlone = activity === null ? null : isActiveAlone(activity, voice);
  const isSolo = own.isSpeaking.map((flag, block) => {
    const isMixed = alone === null ? averageOverlap(blocks, block) > MOST_OVERLAP : alone[block]! < LEAST_ALONE;
    if (flag === 0 || isMixed) return 0;
    const from = Math.max(0, block - changeBlocks);
    const isNearChange = voices.some(
      ({ isSpeaking }, other) => other !== voice && isSpeaking.subarray(from, block + changeBlocks + 1).includes(1),
    );
    return isNearChange ? 0 : 1;
  });
  return runsOf(isSolo)
    .filter(({ start, end }) => end - start >= SHORTEST_SOLO_BLOCKS)
    .filter(({ start, end }) => meanOf(own.certainty.subarray(start, end)) >= LEAST_CERTAINTY)
    .flatMap(({ start, end }) =>
      runsOf(
        Uint8Array.from({ length: end - start }, (_, index) => (isAlone === null ? 1 : (isAlone[start + index] ?? 0))),
      ).map((run) => segmentOf(voice, { start: start + run.start, end: start + run.end })),
    );
}

/**
 * @param activity [voices][blocks] probability that each voice is active
 * @returns [blocks] 1 where one voice is active, and no other one
 */
export function isActiveAlone(activity: readonly Float32Array[], voice: number): Uint8Array {
  const active = activity.map(averaged);
  return Uint8Array.from(active[voice]!, (own, block) =>
    own > LEAST_OWN && active.every((other, index) => index === voice || other[block]! < MOST_OTHER) ? 1 : 0,
  );
}

/** @returns mean certainty, 0 to 1, that a segment of `voiceSegments` is spoken by its voice */
export function segmentCertainty(voices: readonly VoiceActivity[], segment: VoiceSegment): number {
  const { start, end } = blocksOf(segment);
  return meanOf(voices[segment.voice]!.certainty.subarray(start, end));
}

/**
 * When voices speak by segments that a user may have changed.
 * @param segments with their certainty; null: the user states it
 * @param voices number of voices
 * @param blockCount number of blocks of the recording
 * @returns [voices]
 */
export function segmentActivity(
  segments: readonly (VoiceSegment & { readonly certainty: number | null })[],
  voices: number,
  blockCount: number,
): VoiceActivity[] {
  const activities = Array.from({ length: voices }, () => ({
    isSpeaking: new Uint8Array(blockCount),
    certainty: new Float32Array(blockCount),
    alone: null,
  }));
  for (const segment of segments) {
    const { start, end } = blocksOf(segment);
    const { isSpeaking, certainty } = activities[segment.voice]!;
    isSpeaking.fill(1, start, end);
    certainty.fill(segment.certainty ?? 1, start, end);
  }
  return activities;
}

/** Blocks `start` up to `end`. */
interface Run {
  readonly start: number;
  readonly end: number;
}

function runsOf(flags: Uint8Array): Run[] {
  const runs: Run[] = [];
  for (let start = flags.indexOf(1); start >= 0; ) {
    const next = flags.indexOf(0, start);
    const end = next < 0 ? flags.length : next;
    runs.push({ start, end });
    start = flags.indexOf(1, end);
  }
  return runs;
}

function bridged(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && run.start - last.end <= BRIDGED_BLOCKS)
      joined[joined.length - 1] = { ...last, end: run.end };
    else joined.push(run);
  }
  return joined;
}

function averaged(values: Float32Array): Float32Array {
  return values.map((_, middle) =>
    meanOf(values.subarray(Math.max(0, middle - AVERAGED_BLOCKS), middle + AVERAGED_BLOCKS + 1)),
  );
}

function averageOverlap(blocks: readonly Pick<SpeechBlock, 'overlap'>[], middle: number): number {
  const part = blocks.slice(Math.max(0, middle - AVERAGED_BLOCKS), middle + AVERAGED_BLOCKS + 1);
  return part.reduce((sum, { overlap }) => sum + overlap, 0) / part.length;
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function blocksOf({ startSeconds, endSeconds }: VoiceSegment): Run {
  return { start: blocksIn(startSeconds), end: blocksIn(endSeconds) };
}

function segmentOf(voice: number, { start, end }: Run): VoiceSegment {
  return { voice, startSeconds: start * BLOCK_SECONDS, endSeconds: end * BLOCK_SECONDS };
}

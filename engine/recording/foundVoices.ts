import { InputError } from '../core/errors.ts';
import type { Seconds } from '../core/units.ts';
import { areDistinct, diarize } from '../diarization/diarize.ts';
import { segmentCertainty, soloSegments, type VoiceSegment, voiceSegments } from '../diarization/segments.ts';
import { voiceVectors } from '../diarization/voiceVectors.ts';
import type { EmbeddingInference } from '../embedding/EmbeddingInference.ts';
import type { SpeechBlock } from '../embedding/SpeechBlocks.ts';

/** Shorter recordings hold too little of each voice to tell them apart. */
const SHORTEST_SECONDS: Seconds = 4;

/** Part of a search for voices that is reading, for the progress. */
export const READING_PART = 0.95;

export interface VoiceCount {
  /** null: as many as are found, at least `least` */
  readonly count: number | null;
  readonly least: number;
}

export interface FoundVoices {
  readonly seconds: Seconds;
  /** Number of voices; segments refer to them by index, in the order in which they first speak. */
  readonly voices: number;
  /** [voices] embedding of each, of unit length */
  readonly vectors: readonly Float32Array[];
  /** False if two of the voices sound so similar that they may be one person. */
  readonly areDistinct: boolean;
  /** In the order of time. */
  readonly segments: readonly VoiceSegment[];
  /** [segments] how certain the voice of each is, 0 to 1 */
  readonly certainties: readonly number[];
  /**
   * Where each voice speaks alone.
   * @param activity [voices][blocks of `BLOCK_SECONDS`] probability that each voice is active; null: not known
   * @returns [voices][segments]
   */
  solo(activity: readonly Float32Array[] | null): VoiceSegment[][];
}

/** The speech of a recording, from which any number of voices can be told apart. */
export interface RecordingSpeech {
  /** Name of the recording in texts for the user. */
  readonly name: string;
  readonly seconds: Seconds;
  readonly blocks: readonly SpeechBlock[];
  readonly inference: EmbeddingInference;
}

/** @throws InputError if the recording is too short to find voices in it */
export function requireLength(name: string, seconds: Seconds): void {
  if (seconds >= SHORTEST_SECONDS) return;
  throw new InputError(
    `${name}: must be at least ${SHORTEST_SECONDS} s long to find voices in it, got ${seconds.toFixed(1)} s`,
  );
}

/** @throws InputError if nobody speaks, or fewer than `count` */
export function voicesIn(
  { name, seconds, blocks, inference }: RecordingSpeech,
  { count, least }: VoiceCount,
): FoundVoices {
  const voices = diarize(blocks, inference, count, least);
  if (voices.length === 0) throw new InputError(`${name}: no speech was found`);
  if (count !== null && voices.length < count) {
    throw new InputError(`${name}: holds too little speech for ${count} voices; look for fewer`);
  }
  const segments = voiceSegments(voices);
  return {
    seconds,
    voices: voices.length,
    vectors: voiceVectors(voices, blocks, inference),
    areDistinct: areDistinct(voices),
    segments,
    certainties: segments.map((segment) => segmentCertainty(voices, segment)),
    solo: (activity) => voices.map((_, voice) => soloSegments(voices, voice, blocks, activity)),
  };
}

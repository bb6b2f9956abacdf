import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { areDistinct, diarize } from '../../engine/diarization/diarize.ts';
import { segmentCertainty, soloSegments, type VoiceSegment, voiceSegments } from '../../engine/diarization/segments.ts';
import { voiceVectors } from '../../engine/diarization/voiceVectors.ts';
import { EMBEDDING_RATE_HERTZ } from '../../engine/embedding/EmbeddingFeatures.ts';
import { EmbeddingInference } from '../../engine/embedding/EmbeddingInference.ts';
import { type SpeechBlock, SpeechBlocks } from '../../engine/embedding/SpeechBlocks.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import type { Mixdown } from '../audio/Mixdown.ts';
import { Resampler } from '../audio/Resampler.ts';

/** Shorter recordings hold too little of each voice to tell them apart. */
const SHORTEST_SECONDS: Seconds = 4;
/** Part of the work that is reading, for the progress. */
const READING_PART = 0.95;

export interface RecordingInput {
  readonly path: string;
  /** Name of the recording in texts for the user. */
  readonly name: string;
  readonly mixdown: Mixdown;
}

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
  /** False if two of them sound so similar that they may be one. */
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
  readonly name: string;
  readonly seconds: Seconds;
  readonly blocks: readonly SpeechBlock[];
  readonly inference: EmbeddingInference;
}

interface FindingListener {
  readonly signal: AbortSignal;
  /** @param fraction 0 to 1 */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Finds out who speaks when in a recording.
 * @throws InputError as `readSpeech` and `voicesIn`
 */
export async function findVoices(
  recording: RecordingInput,
  count: VoiceCount,
  { signal, onProgress }: FindingListener,
): Promise<FoundVoices> {
  const speech = await readSpeech(recording, {
    signal,
    onProgress: (fraction) => onProgress(READING_PART * fraction),
  });
  const found = voicesIn(speech, count);
  onProgress(1);
  return found;
}

/**
 * Reads the speech of a recording: nearly all of the work of `findVoices`.
 * @throws InputError as AudioFileReader, or if the recording is too short
 */
export async function readSpeech(
  { path, name, mixdown }: RecordingInput,
  { signal, onProgress }: FindingListener,
): Promise<RecordingSpeech> {
  const inference = new EmbeddingInference();
  const speech = new SpeechBlocks(inference);
  const reader = await AudioFileReader.open(path, name);
  const { sampleRateHertz } = reader;
  const resampler = await Resampler.create(sampleRateHertz, EMBEDDING_RATE_HERTZ).catch(async (error: unknown) => {
    await reader.close();
    throw error;
  });
  let samples = 0;
  try {
    for await (const block of reader.blocks(mixdown)) {
      signal.throwIfAborted();
      speech.add(resampler.process(block));
      samples += block.length;
      onProgress(reader.fractionRead);
    }
    speech.add(resampler.flush());
    speech.finish();
  } finally {
    resampler.close();
  }
  const seconds = samples / sampleRateHertz;
  if (seconds < SHORTEST_SECONDS) {
    throw new InputError(
      `${name}: must be at least ${SHORTEST_SECONDS} s long to find voices in it, got ${seconds.toFixed(1)} s`,
    );
  }
  return { name, seconds, blocks: speech.blocks, inference };
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

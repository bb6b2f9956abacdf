import type { Mixdown } from '../../engine/channels/Mixdown.ts';
import { EMBEDDING_RATE_HERTZ } from '../../engine/embedding/EmbeddingFeatures.ts';
import { EmbeddingInference } from '../../engine/embedding/EmbeddingInference.ts';
import { SpeechBlocks } from '../../engine/embedding/SpeechBlocks.ts';
import {
  type FoundVoices,
  READING_PART,
  type RecordingSpeech,
  requireLength,
  type VoiceCount,
  voicesIn,
} from '../../engine/recording/foundVoices.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { Resampler } from '../audio/Resampler.ts';

export interface RecordingInput {
  readonly path: string;
  /** Name of the recording in texts for the user. */
  readonly name: string;
  readonly mixdown: Mixdown;
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
  requireLength(name, seconds);
  return { name, seconds, blocks: speech.blocks, inference };
}

import { EMBEDDING_RATE_HERTZ } from '../../../engine/embedding/EmbeddingFeatures.ts';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { SpeechBlocks } from '../../../engine/embedding/SpeechBlocks.ts';
import { type RecordingSpeech, requireLength } from '../../../engine/recording/foundVoices.ts';
import { type FoundSegments, SegmentFinder } from '../../../engine/recording/SegmentFinder.ts';
import { PcmSound } from '../sound/PcmSound.ts';
import { resampledBlocks } from '../sound/resampledBlocks.ts';
import type { FindingJob, RecordedSound, WorkProgress } from './workMessages.ts';

/** Identifies recordings by their ids. */
const segmentFinder = new SegmentFinder<number>();

/** Finds out who speaks when. @throws InputError as `requireLength` and `voicesIn` */
export function findVoices(job: FindingJob, onProgress: (progress: WorkProgress) => void): Promise<FoundSegments> {
  const searched = {
    key: job.id,
    readSpeech: (onFraction: (fraction: number) => void) => readSpeech(job, onFraction),
    readKnown: async () => job.known,
  };
  return segmentFinder.find(searched, job.voices, (fraction) =>
    onProgress({ fraction, stage: 'listening', voice: null }),
  );
}

async function readSpeech(
  { name, mixture, imported }: RecordedSound,
  onProgress: (fraction: number) => void,
): Promise<RecordingSpeech> {
  const { samples, sampleRateHertz } = imported;
  const seconds = samples / sampleRateHertz;
  requireLength(name, seconds);
  const inference = new EmbeddingInference();
  const speech = new SpeechBlocks(inference);
  const sound = new PcmSound(mixture, sampleRateHertz);
  for await (const block of resampledBlocks(sound.blocks(onProgress), sampleRateHertz, EMBEDDING_RATE_HERTZ))
    speech.add(block);
  speech.finish();
  return { name, seconds, blocks: speech.blocks, inference };
}

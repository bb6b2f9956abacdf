import { EMBEDDING_RATE_HERTZ } from '../../../engine/embedding/EmbeddingFeatures.ts';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { SpeechBlocks } from '../../../engine/embedding/SpeechBlocks.ts';
import { type RecordingSpeech, requireLength, voicesIn } from '../../../engine/recording/foundVoices.ts';
import { nameVoices } from '../../../engine/recording/namedVoices.ts';
import { PcmSound } from '../sound/PcmSound.ts';
import { resampledBlocks } from '../sound/resampledBlocks.ts';
import type { FindingJob, FoundSegments, RecordedSound, WorkProgress } from './workMessages.ts';

/** Part of a search that is reading, for the progress. */
const READING_PART = 0.95;

/** Of the latest recording, so that another number of voices is found without reading it again. */
let latest: { readonly id: number; readonly speech: RecordingSpeech } | null = null;

/** Finds out who speaks when. @throws InputError as `requireLength` and `voicesIn` */
export async function findVoices(
  job: FindingJob,
  onProgress: (progress: WorkProgress) => void,
): Promise<FoundSegments> {
  const report = (fraction: number) =>
    onProgress({ fraction: READING_PART * fraction, stage: 'listening', voice: null });
  if (latest?.id !== job.id) latest = { id: job.id, speech: await readSpeech(job, report) };
  const { speech } = latest;
  report(1);
  const { vectors, areDistinct, segments, certainties } = voicesIn(speech, { count: job.voices, least: 1 });
  return {
    voices: nameVoices(vectors, job.known),
    areDistinct,
    segments: segments.map((segment, index) => ({ ...segment, certainty: certainties[index]! })),
    overlap: Float32Array.from(speech.blocks, ({ overlap }) => overlap),
  };
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

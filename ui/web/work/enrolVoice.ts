import { TRAINING_RANGES } from '../../../engine/model/trainingRanges.ts';
import type { LearntVoice } from '../../../engine/recording/learnTwice.ts';
import { oneChannel } from './importSound.ts';
import { trainVoice } from './trainVoice.ts';
import type { EnrolmentJob, WorkProgress } from './workMessages.ts';

/** Trains a voice on a recording of one person. @throws InputError if the recording is unusable */
export async function enrolVoice(
  { name, channels, sampleRateHertz }: EnrolmentJob,
  onProgress: (progress: WorkProgress) => void,
): Promise<LearntVoice> {
  const { mono } = oneChannel(name, channels, sampleRateHertz, () => {});
  const recordings = [{ name, samples: mono, sampleRateHertz }];
  return trainVoice(name, recordings, { seconds: TRAINING_RANGES.seconds.default, isKept: true }, (fraction) =>
    onProgress({ fraction, stage: 'learning', voice: name }),
  );
}

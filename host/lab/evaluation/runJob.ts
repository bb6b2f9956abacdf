import { InputError } from '../../../engine/core/errors.ts';
import type { Seconds } from '../../../engine/core/units.ts';
import { mixAtSnr } from '../../../engine/evaluation/index.ts';
import type { ChannelChoice } from '../../audio/channelChoice.ts';
import { readRecording } from '../../audio/readRecording.ts';
import type { EvaluationAnswer, EvaluationJob } from './evaluationMessages.ts';
import type { EvaluationMixture, MethodSettings } from './methods/SeparationMethod.ts';
import { separationMethod } from './methods/separationMethods.ts';
import { scorePair } from './scores.ts';

const LONGEST_SECONDS: Seconds = 3600;

/** Runs an evaluation job in the calling thread. @throws InputError naming the speaker or the files that cannot be used */
export async function runJob(job: EvaluationJob): Promise<EvaluationAnswer> {
  return job.type === 'train' ? train(job) : separate(job);
}

async function train({ method, speaker, paths, settings }: Extract<EvaluationJob, { type: 'train' }>) {
  const recordings = await Promise.all(
    paths.map((path) => readRecording(path, LONGEST_SECONDS, settings.channel ?? 'best')),
  );
  const trained = await separationMethod(method)
    .train(speaker, recordings, settings)
    .catch((error: unknown) => {
      throw error instanceof InputError ? new InputError(`${speaker}, ${method}: ${error.message}`) : error;
    });
  return { type: 'trained', speaker: trained } as const;
}

async function separate(job: Extract<EvaluationJob, { type: 'separate' }>) {
  const { settings, snrDecibels, speakers, testPaths } = job;
  const mixture = await mixtureOf(testPaths, snrDecibels, settings);
  const startMilliseconds = performance.now();
  const estimates = await separationMethod(job.method).separate(mixture, speakers, settings);
  const separationSeconds = (performance.now() - startMilliseconds) / 1000;
  const { sampleRateHertz } = mixture;
  return {
    type: 'separated',
    result: {
      scores: scorePair(mixture.references, estimates, sampleRateHertz),
      mixtureSeconds: mixture.mixture.length / sampleRateHertz,
      separationSeconds,
    },
  } as const;
}

/** Deterministic: every method gets the same mixture of the same files. */
async function mixtureOf(
  testPaths: readonly [readonly string[], readonly string[]],
  snrDecibels: number,
  { plan, channel = 'best' }: MethodSettings,
): Promise<EvaluationMixture> {
  const [first, second] = await Promise.all(testPaths.map((paths) => joinedSamples(paths, channel)));
  const { target, interferer, mixture } = mixAtSnr(first!, second!, snrDecibels);
  return {
    sampleRateHertz: plan.sampleRateHertz,
    mixture: Float32Array.from(mixture),
    references: [Float32Array.from(target), Float32Array.from(interferer)],
  };
}

async function joinedSamples(paths: readonly string[], channel: ChannelChoice): Promise<Float32Array> {
  const recordings = await Promise.all(paths.map((path) => readRecording(path, LONGEST_SECONDS, channel)));
  const joined = new Float32Array(recordings.reduce((sum, { samples }) => sum + samples.length, 0));
  let length = 0;
  for (const { samples } of recordings) {
    joined.set(samples, length);
    length += samples.length;
  }
  return joined;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planStft } from '../../engine/stft/StftPlan.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import type { EvaluationJob, MethodSettings, TrainedSpeaker } from '../lab/evaluation/index.ts';
import type { EvaluateJob, JobInput } from '../queue/Job.ts';
import type { JobWork } from '../queue/serveJobs.ts';

/** Name of the only file of a result. */
export const ANSWER_EXTENSION = '.json';

/** Trains a speaker or separates a mixture as `unmingle evaluate` does, and writes the answer of its worker thread into a file. */
export async function runEvaluateJob(job: EvaluateJob, work: JobWork): Promise<void> {
  // Loaded here, because it loads tfjs and the plot packages.
  const { parseAnswer, runJob, serializeAnswer } = await import('../lab/evaluation/index.ts');
  const { method, step, inputs } = job;
  const settings = methodSettings(job);
  const paths = inputs.map(work.pathOf);
  const trained = async (input: JobInput | null): Promise<TrainedSpeaker> => {
    if (input === null) return { kind: 'untrained' };
    const answer = parseAnswer(input.address, await readFile(work.pathOf(input), 'utf8'));
    return answer.type === 'trained' ? answer.speaker : { kind: 'untrained' };
  };
  const request: EvaluationJob =
    step.type === 'train'
      ? { type: 'train', method, speaker: step.speaker, paths, settings }
      : {
          type: 'separate',
          method,
          testPaths: [paths.slice(0, step.firstInputs), paths.slice(step.firstInputs)],
          speakers: [await trained(step.speakers[0]), await trained(step.speakers[1])],
          snrDecibels: step.snrDecibels,
          settings,
        };
  const answer = serializeAnswer(await runJob(request));
  await writeTextFile(join(work.outFolder, job.name + ANSWER_EXTENSION), answer, 'create');
}

function methodSettings({ options }: EvaluateJob): MethodSettings {
  const { sampleRateHertz, latency, windowSeconds, templates, seed, transform, channel } = options;
  return {
    plan: planStft({ sampleRateHertz, latency, ...(windowSeconds === null ? {} : { windowSeconds }) }),
    templates,
    seed,
    ...(transform === null ? {} : { transform }),
    ...(channel === 'best' ? {} : { channel }),
  };
}

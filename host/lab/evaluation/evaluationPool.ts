import type { EvaluationAnswer, EvaluationJob } from './evaluationMessages.ts';
import { WorkerPool } from './WorkerPool.ts';

/** What runs the jobs of an evaluation: threads, or the workers of a queue. */
export type EvaluationPool = Pick<WorkerPool<EvaluationJob, EvaluationAnswer>, 'run' | 'close'>;

export function evaluationPool(threads: number, signal: AbortSignal): EvaluationPool {
  return new WorkerPool(new URL('./evaluationWorker.js', import.meta.url), threads, signal);
}

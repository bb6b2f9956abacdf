import type { EvaluationAnswer, EvaluationJob } from './evaluationMessages.ts';
import { WorkerPool } from './WorkerPool.ts';

/** Threads that run the jobs of an evaluation. */
export type EvaluationPool = WorkerPool<EvaluationJob, EvaluationAnswer>;

export function evaluationPool(threads: number, signal: AbortSignal): EvaluationPool {
  return new WorkerPool(new URL('./evaluationWorker.js', import.meta.url), threads, signal);
}

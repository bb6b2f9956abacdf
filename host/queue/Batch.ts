import { setMaxListeners } from 'node:events';
import type { Job } from './Job.ts';
import { JobFailure, type JobQueue } from './JobQueue.ts';
import { findResult, type JobResult } from './results.ts';
import type { Storage } from './Storage.ts';

/** A job of a batch, and the line of the list that it comes from. */
export interface BatchJob {
  readonly job: Job;
  readonly line: number;
}

/** How a job of a batch has ended. */
export interface BatchOutcome extends BatchJob {
  readonly end: { readonly result: JobResult } | { readonly failure: JobFailure };
}

export interface BatchListener {
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: BatchOutcome) => void;
  /** @param fraction of all jobs done, 0 to 1 */
  readonly onProgress: (fraction: number) => void;
}

/** Requests to a storage that run at once: enough to hide the delay of a network, few enough for any server. */
const CONCURRENT_REQUESTS = 16;

/**
 * Runs the jobs of a batch that have no result yet. A failed job does not stop the others.
 * @returns the outcomes in the order of the jobs
 * @throws the signal's reason when cancelled; finished results are kept
 */
export async function runBatch(
  jobs: readonly BatchJob[],
  storage: Storage,
  queue: JobQueue,
  { signal, onOutcome, onProgress }: BatchListener,
): Promise<BatchOutcome[]> {
  // Each job listens.
  setMaxListeners(0, signal);
  const fractions = new Float64Array(jobs.length);
  let done = 0;
  const advance = (index: number, fraction: number) => {
    done += fraction - fractions[index]!;
    fractions[index] = fraction;
    onProgress(done / jobs.length);
  };
  const earlier = await mapped(jobs, ({ job }) => {
    signal.throwIfAborted();
    return findResult(storage, job);
  });
  const finish = async (each: BatchJob, index: number): Promise<BatchOutcome> => {
    const found = earlier[index] ?? null;
    const end =
      found === null ? await ended(queue, each.job, signal, (fraction) => advance(index, fraction)) : { result: found };
    const outcome = { ...each, end };
    advance(index, 1);
    onOutcome(outcome);
    return outcome;
  };
  return Promise.all(jobs.map(finish));
}

async function ended(
  queue: JobQueue,
  job: Job,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<BatchOutcome['end']> {
  try {
    return { result: await queue.run(job, { signal, onProgress }) };
  } catch (error) {
    if (error instanceof JobFailure) return { failure: error };
    throw error;
  }
}

/** Calls an asynchronous function for each item, some at a time. @returns the results in order */
export async function mapped<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array<Result>(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, lane));
  return results;
}

import { InputError } from '../../engine/core/errors.ts';
import { type Job, jobId } from './Job.ts';
import type { JobResult } from './results.ts';

/** How a job is tried. */
export interface JobPolicy {
  /** Number of times that a job is tried in all, 1 to 20. */
  readonly attempts: number;
  /** 1 (first) to 9; jobs of equal priority run in the order in which they were submitted. */
  readonly priority: number;
}

export interface JobListener {
  /** Cancels the job: it is removed, or stopped if it runs. `run` then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** @param fraction done, 0 to 1 */
  readonly onProgress: (fraction: number) => void;
}

/** Where the jobs of a batch run: threads of this process, or workers on any number of machines. */
export interface JobQueue {
  /** @throws JobFailure after the last attempt; the signal's reason when cancelled */
  run(job: Job, listener: JobListener): Promise<JobResult>;
  close(): Promise<void>;
}

export const ATTEMPTS_RANGE = { minimum: 1, maximum: 20, default: 3 } as const;
export const PRIORITY_RANGE = { minimum: 1, maximum: 9, default: 5 } as const;
/** Delay before the second attempt; it doubles before each further one. A lost network share is often back within seconds. */
export const BACKOFF_MILLISECONDS = 1000;

/** A job that has failed in its last attempt: an entry of the dead-letter list. */
export class JobFailure extends InputError {
  readonly id: string;
  readonly file: string;
  readonly reason: string;
  readonly attempts: number;

  constructor(job: Job, reason: string, attempts: number) {
    super(`${job.name}: ${reason}`);
    this.id = jobId(job);
    this.file = failedFile(job, reason);
    this.reason = reason;
    this.attempts = attempts;
  }
}

/** @returns address of the input that a reason names, else of the first */
export function failedFile(
  { inputs }: { readonly inputs: readonly { readonly address: string }[] },
  reason: string,
): string {
  const addresses = inputs.map(({ address }) => address);
  return addresses.find((address) => reason.includes(address)) ?? addresses[0] ?? '';
}

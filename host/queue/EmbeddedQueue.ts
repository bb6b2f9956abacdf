import { setTimeout } from 'node:timers/promises';
import { InputError } from '../../engine/core/errors.ts';
import type { Job } from './Job.ts';
import { BACKOFF_MILLISECONDS, JobFailure, type JobListener, type JobQueue } from './JobQueue.ts';
import type { JobThreads } from './JobThreads.ts';
import type { JobResult } from './results.ts';

/** A queue in this process, which ends with it: what `--batch` uses without `--queue`. */
export class EmbeddedQueue implements JobQueue {
  private readonly threads: JobThreads;
  private readonly attempts: number;
  private readonly backoffMilliseconds: number;

  constructor(threads: JobThreads, attempts: number, backoffMilliseconds = BACKOFF_MILLISECONDS) {
    this.threads = threads;
    this.attempts = attempts;
    this.backoffMilliseconds = backoffMilliseconds;
  }

  async run(job: Job, listener: JobListener): Promise<JobResult> {
    const { signal } = listener;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.threads.run(job, listener);
      } catch (error) {
        signal.throwIfAborted();
        if (attempt >= this.attempts) throw new JobFailure(job, reasonOf(error), attempt);
        // The thread runs other jobs in the meantime.
        await setTimeout(this.backoffMilliseconds * 2 ** (attempt - 1), undefined, { signal }).catch(() => {});
        signal.throwIfAborted();
      }
    }
  }

  async close(): Promise<void> {
    await this.threads.close();
  }
}

/** @returns one line: the message, for a fault of the program with its first stack line */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ''] = error.message.split('\n');
  if (error instanceof InputError) return error.message.replace(/\s*\n\s*/g, ' ');
  const place = /^ +(at .+)$/m.exec(error.stack ?? '')?.[1];
  return place === undefined ? message : `${message} (${place})`;
}

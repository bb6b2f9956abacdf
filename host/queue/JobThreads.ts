import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CallError } from '../../engine/core/CallError.ts';
import { createTemporaryFolder } from '../files/temporaryFolder.ts';
import { CallableThread } from '../rpc/CallableThread.ts';
import type { Job } from './Job.ts';
import type { JobListener } from './JobQueue.ts';
import type { JobRequests, JobThreadConfig } from './jobMessages.ts';
import type { JobResult } from './results.ts';

export interface JobThreadsOptions {
  /** Module of the threads, which calls `serveJobs`. */
  readonly url: URL;
  /** Number of jobs that run at once. */
  readonly size: number;
  /** As `openStorage` reads it. */
  readonly storage: string | null;
}

/**
 * Longest time without progress, not the duration of a job: finding the voices in hours of sound reports none for minutes, several times
 * that on a busy machine.
 */
const SILENCE_MILLISECONDS = 3_600_000;
/** A cancelled job ends between two blocks of sound, or its thread is terminated after this time. */
const ABORT_PATIENCE_MILLISECONDS = 500;

type Thread = CallableThread<JobRequests>;

/** Threads that run jobs, one each at a time, in order of arrival. One that ends, or whose job is cancelled, is replaced. */
export class JobThreads {
  readonly size: number;
  private readonly options: JobThreadsOptions;
  private readonly idle: Thread[] = [];
  private readonly waiting: (() => void)[] = [];
  private folder: Promise<string> | null = null;
  private running = 0;
  private isClosed = false;

  constructor(options: JobThreadsOptions) {
    this.options = options;
    this.size = options.size;
  }

  /** @throws the error of the job; CallError if its thread ends; the signal's reason when cancelled */
  async run(job: Job, { signal, onProgress }: JobListener): Promise<JobResult> {
    await this.slot();
    try {
      signal.throwIfAborted();
      this.folder ??= createTemporaryFolder('jobs');
      const folder = await mkdtemp(join(await this.folder, 'job-'));
      try {
        return await this.perform(job, folder, { signal, onProgress });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  /** Ends all threads; their jobs are rejected. Removes all temporary files. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.idle.splice(0).map((thread) => thread.terminate()));
    if (this.folder !== null) await rm(await this.folder, { recursive: true, force: true });
  }

  private async slot(): Promise<void> {
    while (this.running >= this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.isClosed) throw new CallError('ended', 'the threads for jobs have been stopped', null);
    this.running++;
  }

  private async perform(job: Job, folder: string, { signal, onProgress }: JobListener): Promise<JobResult> {
    let hasEnded = false;
    const thread = this.idle.pop() ?? (await this.start());
    try {
      const result = await thread.call('run', { job, folder }, { signal, onProgress });
      return result;
    } catch (error) {
      // An aborted call leaves the thread at work, and after the other kinds it has ended.
      if (error instanceof CallError) {
        hasEnded = true;
        await thread.terminate(signal.aborted ? ABORT_PATIENCE_MILLISECONDS : 0);
        signal.throwIfAborted();
      }
      throw error;
    } finally {
      if (!hasEnded && !this.isClosed) this.idle.push(thread);
      else if (!hasEnded) await thread.terminate();
    }
  }

  private async start(): Promise<Thread> {
    this.folder ??= createTemporaryFolder('jobs');
    const { url, storage } = this.options;
    const cacheFolder = join(await this.folder, 'cache');
    return new CallableThread<JobRequests>({
      url,
      name: 'the thread of the job',
      remedy: 'run fewer jobs at once with --jobs if memory is short',
      deadlinesMilliseconds: { run: SILENCE_MILLISECONDS },
      workerData: { storage, cacheFolder } satisfies JobThreadConfig,
    });
  }
}

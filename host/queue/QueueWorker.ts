import type { Job as BullJob, QueueEvents, QueueEventsListener, Worker } from 'bullmq';
import type { Seconds } from '../../engine/core/units.ts';
import { withDeadline } from './BullQueue.ts';
import { type BullConnection, CONTROL_NAME, QUEUE_NAME } from './bullmq.ts';
import { reasonOf } from './EmbeddedQueue.ts';
import { type Job, jobId, parseJob } from './Job.ts';
import type { JobListener } from './JobQueue.ts';
import type { JobResult } from './results.ts';

/** What runs jobs: `JobThreads`. */
export interface JobRunner {
  readonly size: number;
  run(job: Job, listener: JobListener): Promise<JobResult>;
  close(): Promise<void>;
}

export interface QueueWorkerOptions {
  /** Time after which another worker takes over the jobs of one that has ended without a word. */
  readonly leaseSeconds: Seconds;
  readonly onEnd: (text: string) => void;
}

interface ControlListener extends QueueEventsListener {
  cancel: (event: { readonly jobId: string }, id: string) => void;
}

/** A job that has ended several worker processes is not given to a further one. Long outages of the server count, too. */
const MAXIMUM_STALLS = 4;
const PROGRESS_MILLISECONDS = 1000;
const CLOSE_MILLISECONDS = 10_000;
const CANCELLED = 'cancelled by its batch';

/** Takes jobs from a queue of BullMQ, as many at once as the runner does. */
export class QueueWorker {
  private readonly connection: BullConnection;
  private readonly runner: JobRunner;
  private readonly options: QueueWorkerOptions;
  private readonly worker: Worker;
  private readonly control: QueueEvents;
  /** Jobs that have ended here, without those that were cancelled. */
  done = 0;
  failed = 0;

  constructor(connection: BullConnection, runner: JobRunner, options: QueueWorkerOptions) {
    const { bullmq, client } = connection;
    this.connection = connection;
    this.runner = runner;
    this.options = options;
    const lockDuration = Math.round(1000 * options.leaseSeconds);
    this.worker = new bullmq.Worker(QUEUE_NAME, (job, _token, signal) => this.process(job, signal), {
      connection: client,
      concurrency: runner.size,
      lockDuration,
      stalledInterval: lockDuration,
      maxStalledCount: MAXIMUM_STALLS,
    });
    this.control = new bullmq.QueueEvents(CONTROL_NAME, { connection: client });
    // Connection errors are reported by the connection itself.
    this.worker.on('error', () => {});
    this.control.on('error', () => {});
    this.control.on<ControlListener, 'cancel'>('cancel', ({ jobId: id }) => this.worker.cancelJob(id, CANCELLED));
    // A cancelled job is not one of the dead letters.
    this.worker.on('failed', (job, { message }) => {
      if (message === CANCELLED) void job?.remove().catch(() => {});
    });
  }

  async waitUntilReady(): Promise<void> {
    await Promise.all([this.worker.waitUntilReady(), this.control.waitUntilReady()]);
  }

  /** Takes no further jobs, and waits for those that run. */
  async close(): Promise<void> {
    await this.worker.close();
    await withDeadline(this.control.close(), CLOSE_MILLISECONDS);
    this.connection.client.disconnect();
    await this.runner.close();
  }

  private async process(queued: BullJob, signal: AbortSignal | undefined): Promise<{ readonly files: number }> {
    const { UnrecoverableError } = this.connection.bullmq;
    let job: Job;
    try {
      job = parseJob(queued.data);
    } catch (error) {
      throw new UnrecoverableError(reasonOf(error));
    }
    if (jobId(job) !== queued.id)
      throw new UnrecoverableError('the job is not valid: its id is not that of its content');
    let reported = performance.now();
    const onProgress = (fraction: number) => {
      if (performance.now() < reported + PROGRESS_MILLISECONDS) return;
      reported = performance.now();
      void queued.updateProgress(fraction).catch(() => {});
    };
    try {
      const { files } = await this.runner.run(job, { signal: signal ?? new AbortController().signal, onProgress });
      this.done++;
      this.options.onEnd(`done: ${job.kind} ${job.name}`);
      return { files: files.length };
    } catch (error) {
      if (signal?.aborted === true) throw new UnrecoverableError(CANCELLED);
      const reason = reasonOf(error);
      this.failed++;
      this.options.onEnd(`failed (attempt ${queued.attemptsMade + 1}): ${job.kind} ${job.name}: ${reason}`);
      throw new Error(reason);
    }
  }
}

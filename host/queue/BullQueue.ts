import { setTimeout } from 'node:timers/promises';
import type { Queue, QueueEvents } from 'bullmq';
import { type BullConnection, CONTROL_NAME, QUEUE_NAME } from './bullmq.ts';
import { type Job, jobId } from './Job.ts';
import { BACKOFF_MILLISECONDS, JobFailure, type JobListener, type JobPolicy, type JobQueue } from './JobQueue.ts';
import { findResult, type JobResult } from './results.ts';
import type { Storage } from './Storage.ts';

/** Jobs that one message to the server adds. */
const BULK_JOBS = 500;
/** Events may be lost while the server restarts: every few seconds the states of some jobs are read as well. */
const CHECK_MILLISECONDS = 3000;
const CHECKED_JOBS = 200;
/** Longest time to cancel the jobs of a batch that is interrupted. */
const CANCEL_MILLISECONDS = 10_000;
const CANCEL_AGAIN_MILLISECONDS = 200;
/** A network file system may hide a new file for a minute from a machine that has looked for it before. */
const SHOWN_MILLISECONDS = [0, 100, 1000, 10_000, 30_000, 60_000];
/** Finished jobs are kept for dashboards only: their results are in the storage. */
const KEPT_COMPLETED = { age: 24 * 3600, count: 5000 };
/** A state in which a job will still be run. */
const OPEN_STATES: readonly string[] = ['waiting', 'prioritized', 'delayed', 'active', 'waiting-children'];

interface Waiter {
  readonly job: Job;
  readonly onProgress: (fraction: number) => void;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A queue of BullMQ on Redis or Valkey: jobs run on whatever workers it has, and outlive this process. */
export class BullQueue implements JobQueue {
  private readonly connection: BullConnection;
  private readonly storage: Storage;
  private readonly policy: JobPolicy;
  private readonly queue: Queue;
  private readonly events: QueueEvents;
  private readonly waiters = new Map<string, Waiter>();
  private readonly cancelled = new Set<string>();
  private unsubmitted: Job[] = [];
  private submission: Promise<void> = Promise.resolve();
  private readonly checking: NodeJS.Timeout;
  private checkedIds: string[] = [];

  constructor(connection: BullConnection, storage: Storage, policy: JobPolicy) {
    const { bullmq, client } = connection;
    this.connection = connection;
    this.storage = storage;
    this.policy = policy;
    this.queue = new bullmq.Queue(QUEUE_NAME, { connection: client });
    this.events = new bullmq.QueueEvents(QUEUE_NAME, { connection: client });
    // Connection errors are reported by the connection itself.
    this.queue.on('error', () => {});
    this.events.on('error', () => {});
    this.events.on('completed', ({ jobId: id }) => void this.complete(id));
    this.events.on('failed', ({ jobId: id }) => void this.fail(id));
    this.events.on('progress', ({ jobId: id, data }) => {
      if (typeof data === 'number') this.waiters.get(id)?.onProgress(Math.min(1, Math.max(0, data)));
    });
    this.checking = setInterval(() => void this.check().catch(() => {}), CHECK_MILLISECONDS);
  }

  async run(job: Job, { signal, onProgress }: JobListener): Promise<JobResult> {
    const id = jobId(job);
    signal.throwIfAborted();
    const ended = new Promise<JobResult>((resolve, reject) => {
      this.waiters.set(id, { job, onProgress, resolve, reject });
    });
    const abort = () => {
      this.cancelled.add(id);
      this.settle(id)?.reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    // Jobs that are run in the same moment are submitted together.
    if (this.unsubmitted.push(job) === 1) queueMicrotask(() => this.flush());
    try {
      return await ended;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Adds jobs that the queue does not have. Those that have failed, or whose results are gone, are tried again. */
  async submit(jobs: readonly Job[]): Promise<void> {
    await this.events.waitUntilReady();
    for (let start = 0; start < jobs.length; start += BULK_JOBS) {
      const part = jobs.slice(start, start + BULK_JOBS);
      const states = await Promise.all(part.map((job) => this.queue.getJobState(jobId(job))));
      const added = part.filter((_, index) => !OPEN_STATES.includes(states[index]!));
      await Promise.all(
        added.map(async (job, index) => states[index] !== 'unknown' && (await this.queue.remove(jobId(job)))),
      );
      const { attempts, priority } = this.policy;
      await this.queue.addBulk(
        added.map((job) => ({
          name: job.kind,
          data: job,
          opts: {
            jobId: jobId(job),
            attempts,
            priority,
            backoff: { type: 'exponential', delay: BACKOFF_MILLISECONDS },
            removeOnComplete: KEPT_COMPLETED,
            stackTraceLimit: 0,
          },
        })),
      );
    }
  }

  async close(): Promise<void> {
    clearInterval(this.checking);
    if (this.cancelled.size > 0) await withDeadline(this.cancel(), CANCEL_MILLISECONDS);
    await withDeadline(Promise.all([this.events.close(), this.queue.close()]), CANCEL_MILLISECONDS);
    this.connection.client.disconnect();
  }

  private flush(): void {
    const jobs = this.unsubmitted.splice(0);
    this.submission = this.submission
      .then(() => this.submit(jobs))
      .catch((error: unknown) => {
        for (const job of jobs) this.settle(jobId(job))?.reject(error);
      });
  }

  /** @returns the waiter of a job, which from now on has ended; undefined if nobody waits */
  private settle(id: string): Waiter | undefined {
    const waiter = this.waiters.get(id);
    this.waiters.delete(id);
    return waiter;
  }

  private async complete(id: string): Promise<void> {
    const waiter = this.settle(id);
    if (waiter === undefined) return;
    try {
      for (const delay of SHOWN_MILLISECONDS) {
        await setTimeout(delay, undefined, { ref: false });
        const result = await findResult(this.storage, waiter.job);
        if (result !== null) return waiter.resolve({ ...result, isEarlier: false });
      }
      waiter.reject(new JobFailure(waiter.job, ELSEWHERE, 1));
    } catch (error) {
      waiter.reject(error);
    }
  }

  private async fail(id: string): Promise<void> {
    const waiter = this.settle(id);
    if (waiter === undefined) return;
    const failed = await this.queue.getJob(id).catch(() => undefined);
    const reason = failed?.failedReason ?? 'the queue states no reason';
    waiter.reject(new JobFailure(waiter.job, reason, failed?.attemptsMade ?? this.policy.attempts));
  }

  /** Reads the states of some of the jobs that are waited for, of all in turn. */
  private async check(): Promise<void> {
    await this.submission;
    if (this.checkedIds.length === 0) this.checkedIds = [...this.waiters.keys()];
    const ids = this.checkedIds.splice(0, CHECKED_JOBS).filter((id) => this.waiters.has(id));
    await Promise.all(
      ids.map(async (id) => {
        const state = await this.queue.getJobState(id);
        const waiter = this.waiters.get(id);
        if (waiter === undefined) return;
        if (state === 'completed') await this.complete(id);
        else if (state === 'failed') await this.fail(id);
        else if (state === 'unknown') {
          // Done and no longer listed, or removed by someone, as by another batch that was cancelled.
          if ((await findResult(this.storage, waiter.job)) !== null) await this.complete(id);
          else await this.submit([waiter.job]);
        }
      }),
    );
  }

  /** Removes the jobs that wait, and tells workers to stop those that run. */
  private async cancel(): Promise<void> {
    await this.submission;
    const end = performance.now() + CANCEL_MILLISECONDS;
    const { bullmq, client } = this.connection;
    const control = new bullmq.QueueEventsProducer(CONTROL_NAME, { connection: client });
    control.on('error', () => {});
    // A job that a worker has just taken does not listen yet, so it is told again until it has ended.
    for (let left = [...this.cancelled]; left.length > 0; left = await this.known(left)) {
      await Promise.all(
        left.map(async (id) => {
          // A job that runs is locked, and cannot be removed.
          const removed = await this.queue.remove(id).catch(() => 0);
          if (removed === 0) await control.publishEvent({ eventName: 'cancel', jobId: id });
        }),
      );
      await setTimeout(CANCEL_AGAIN_MILLISECONDS);
      if (performance.now() > end) break;
    }
    await control.close();
  }

  /** @returns the jobs of these ids that the queue still has */
  private async known(ids: readonly string[]): Promise<string[]> {
    const states = await Promise.all(ids.map((id) => this.queue.getJobState(id)));
    return ids.filter((_, index) => states[index] !== 'unknown' && states[index] !== 'completed');
  }
}

const ELSEWHERE = 'a worker has done it, but the result is not in this storage: workers must have the same --storage';

/** Waits for the end of `work`, but not longer than its deadline: the server may be away. */
export async function withDeadline(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const waiting = new AbortController();
  const deadline = setTimeout(milliseconds, undefined, { signal: waiting.signal }).catch(() => {});
  await Promise.race([work.catch(() => {}), deadline]);
  waiting.abort();
}

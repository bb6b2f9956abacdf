import type { Queue } from 'bullmq';
import * as v from 'valibot';
import { type BullConnection, QUEUE_NAME } from './bullmq.ts';
import { failedFile } from './JobQueue.ts';

/** Number of jobs in each state. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  /** Waiting for their next attempt. */
  readonly delayed: number;
  readonly completed: number;
  readonly failed: number;
  readonly workers: number;
}

/** A job that has failed in its last attempt. */
export interface DeadLetter {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Address of the file that the reason names, else of the first input. */
  readonly file: string;
  readonly reason: string;
  readonly attempts: number;
}

/** What dead letters show of a job, which may be invalid. */
const SHOWN = v.object({
  name: v.optional(v.pipe(v.string(), v.maxLength(1000)), ''),
  inputs: v.optional(v.array(v.object({ address: v.string() })), []),
});

/** The queue as its user sees it: how much is to do, what has failed; tries failed jobs again, and removes what waits. */
export class QueueAdmin {
  private readonly connection: BullConnection;
  private readonly queue: Queue;

  constructor(connection: BullConnection) {
    this.connection = connection;
    this.queue = new connection.bullmq.Queue(QUEUE_NAME, { connection: connection.client });
    this.queue.on('error', () => {});
  }

  async counts(): Promise<QueueCounts> {
    const states = ['waiting', 'prioritized', 'active', 'delayed', 'completed', 'failed'] as const;
    const counts = await this.queue.getJobCounts(...states);
    const of = (state: (typeof states)[number]) => counts[state] ?? 0;
    return {
      waiting: of('waiting') + of('prioritized'),
      active: of('active'),
      delayed: of('delayed'),
      completed: of('completed'),
      failed: of('failed'),
      workers: (await this.queue.getWorkers()).length,
    };
  }

  /** @returns the latest first */
  async deadLetters(limit: number): Promise<DeadLetter[]> {
    const jobs = await this.queue.getFailed(0, limit - 1);
    return jobs.map(({ id = '', name: kind, data, failedReason: reason, attemptsMade: attempts }) => {
      const { success, output } = v.safeParse(SHOWN, data);
      const { name = '', inputs = [] } = success ? output : {};
      return { id, kind, name, file: failedFile({ inputs }, reason), reason, attempts };
    });
  }

  /** Tries failed jobs again, with all their attempts. @param names of the jobs, or beginnings of their ids; none: all @returns their number */
  async retry(names: readonly string[]): Promise<number> {
    const failed = await this.queue.getFailed();
    const chosen = failed.filter(({ id = '', data }) => {
      const { success, output } = v.safeParse(SHOWN, data);
      return names.length === 0 || names.some((name) => id.startsWith(name) || (success && output.name === name));
    });
    for (const job of chosen) await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    return chosen.length;
  }

  /** Removes the jobs that wait; those that run go on. @param hasFailed also the dead letters @returns the number of jobs removed */
  async drain(hasFailed: boolean): Promise<number> {
    const before = await this.counts();
    await this.queue.drain(true);
    const removed = before.waiting + before.delayed;
    if (!hasFailed) return removed;
    const cleaned = await this.queue.clean(0, Number.MAX_SAFE_INTEGER, 'failed');
    return removed + cleaned.length;
  }

  async close(): Promise<void> {
    await this.queue.close();
    this.connection.client.disconnect();
  }
}

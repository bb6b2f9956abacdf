import { CallError } from '../../../engine/core/CallError.ts';
import { CallableThread } from '../../rpc/CallableThread.ts';
import type { JobRequests } from './serveJobs.ts';

type Thread<Job, Answer> = CallableThread<JobRequests<Job, Answer>>;

interface Waiter<Job, Answer> {
  readonly resolve: (thread: Thread<Job, Answer>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Six hours for a job. Jobs report no progress, and training one speaker with the slowest method takes up to an hour where several threads
 * share a small machine; the limit only ends a job that will never end.
 */
const JOB_DEADLINE_MILLISECONDS = 6 * 3_600_000;

/**
 * Worker threads, each with one job at a time. Waiting jobs are served in order of arrival. A thread that ends by itself rejects its job and
 * is replaced.
 */
export class WorkerPool<Job, Answer extends { readonly type: string }> {
  private readonly threads = new Set<Thread<Job, Answer>>();
  private readonly idle: Thread<Job, Answer>[] = [];
  private readonly waiting: Waiter<Job, Answer>[] = [];
  private readonly url: URL;
  private readonly size: number;
  private readonly signal: AbortSignal;
  private readonly deadlineMilliseconds: number;
  /** Error of jobs after the end; null while the pool runs. */
  private end: Error | null = null;

  /**
   * @param url module of the workers, which calls `serveJobs`
   * @param size number of threads; they start when jobs need them
   * @param signal terminates all workers; running and waiting jobs reject with a CallError of kind 'aborted'
   */
  constructor(url: URL, size: number, signal: AbortSignal, deadlineMilliseconds = JOB_DEADLINE_MILLISECONDS) {
    this.url = url;
    this.size = size;
    this.signal = signal;
    this.deadlineMilliseconds = deadlineMilliseconds;
    signal.addEventListener('abort', this.abort, { once: true });
    if (signal.aborted) this.abort();
  }

  /** @throws InputError if the job rejects its input; CallError if it is cancelled, or its thread ends or misses the deadline */
  async run<T extends Answer['type']>(job: Job, expected: T): Promise<Extract<Answer, { type: T }>> {
    const thread = await this.freeThread();
    try {
      const answer = await thread.call('run', job);
      if (answer.type === expected) return answer as Extract<Answer, { type: T }>;
      throw new Error(`expected the answer "${expected}" from a worker, got "${answer.type}"`);
    } finally {
      if (this.threads.has(thread)) this.release(thread);
    }
  }

  /** Ends all threads; jobs that have not finished are rejected. */
  close(): void {
    this.finish(new CallError('ended', 'the worker threads have been stopped', null));
  }

  private readonly abort = (): void => {
    this.finish(new CallError('aborted', 'the evaluation was cancelled', null, this.signal.reason));
  };

  private async freeThread(): Promise<Thread<Job, Answer>> {
    if (this.end !== null) throw this.end;
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    if (this.threads.size < this.size) return this.start();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private start(): Thread<Job, Answer> {
    const thread: Thread<Job, Answer> = new CallableThread({
      url: this.url,
      name: 'a worker thread of the evaluation',
      remedy: 'run it again, with fewer threads if memory is short',
      deadlinesMilliseconds: { run: this.deadlineMilliseconds },
      onEnded: () => this.remove(thread),
    });
    this.threads.add(thread);
    return thread;
  }

  private release(thread: Thread<Job, Answer>): void {
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(thread);
    else next.resolve(thread);
  }

  /** A job that waits gets a new thread in place of the one that has ended. */
  private remove(thread: Thread<Job, Answer>): void {
    this.threads.delete(thread);
    const index = this.idle.indexOf(thread);
    if (index >= 0) this.idle.splice(index, 1);
    const next = this.waiting.shift();
    if (next !== undefined) next.resolve(this.start());
  }

  private finish(error: Error): void {
    this.end ??= error;
    this.signal.removeEventListener('abort', this.abort);
    for (const thread of this.threads) void thread.terminate(0, this.end);
    this.threads.clear();
    for (const { reject } of this.waiting.splice(0)) reject(this.end);
  }
}

import { Worker } from 'node:worker_threads';
import { deserializeError } from '../../rpc/SerializedError.ts';
import type { JobReply } from './serveJobs.ts';

/** Worker threads, each with one job at a time. Waiting jobs are served in order of arrival. */
export class WorkerPool<Job, Answer extends { readonly type: string }> {
  private readonly workers: readonly Worker[];
  private readonly idle: Worker[];
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private readonly signal: AbortSignal;

  /**
   * @param url module of the worker, which calls `serveJobs`
   * @param signal terminates all workers; running and waiting jobs reject with its reason
   */
  constructor(url: URL, threads: number, signal: AbortSignal) {
    this.signal = signal;
    this.workers = Array.from({ length: threads }, () => new Worker(url));
    this.idle = [...this.workers];
    signal.addEventListener('abort', this.close, { once: true });
  }

  /** @throws InputError if the job rejects its input; the signal's reason when cancelled */
  async run<T extends Answer['type']>(job: Job, expected: T): Promise<Extract<Answer, { type: T }>> {
    const worker = this.idle.pop() ?? (await new Promise<Worker>((resolve) => this.waiting.push(resolve)));
    this.signal.throwIfAborted();
    const { answer, error } = await this.ask(worker, job);
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(worker);
    else next(worker);
    if (error !== null) throw deserializeError(error);
    if (answer.type !== expected) {
      throw new Error(`expected the answer "${expected}" from a worker, got "${answer.type}"`);
    }
    return answer as Extract<Answer, { type: T }>;
  }

  readonly close = (): void => {
    this.signal.removeEventListener('abort', this.close);
    for (const worker of this.workers) worker.terminate();
  };

  private ask(worker: Worker, job: Job): Promise<JobReply<Answer>> {
    return new Promise<JobReply<Answer>>((resolve, reject) => {
      const settle = (finish: () => void) => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        finish();
      };
      const onMessage = (reply: JobReply<Answer>) => settle(() => resolve(reply));
      const onError = (error: Error) => settle(() => reject(error));
      const onExit = (code: number) =>
        settle(() =>
          reject(
            this.signal.aborted ? this.signal.reason : new Error(`a worker exited with code ${code} before its result`),
          ),
        );
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(job);
    });
  }
}

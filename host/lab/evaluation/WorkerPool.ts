import { Worker } from 'node:worker_threads';
import { InputError } from '../../../engine/core/errors.ts';
import type { EvaluationAnswer, EvaluationJob } from './evaluationMessages.ts';

/** Threads that each do one job at a time. Jobs wait their turn in the order in which they were asked for. */
export class WorkerPool {
  private readonly workers: readonly Worker[];
  private readonly idle: Worker[];
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private readonly signal: AbortSignal;

  /** @param signal ends all threads at once; running and waiting jobs reject with its reason */
  constructor(threads: number, signal: AbortSignal) {
    this.signal = signal;
    const url = new URL('./evaluationWorker.js', import.meta.url);
    this.workers = Array.from({ length: threads }, () => new Worker(url));
    this.idle = [...this.workers];
    signal.addEventListener('abort', this.close, { once: true });
  }

  /** @throws InputError what the job refuses; the signal's reason when cancelled */
  async run<T extends EvaluationAnswer['type']>(
    job: EvaluationJob,
    expected: T,
  ): Promise<Extract<EvaluationAnswer, { type: T }>> {
    const worker = this.idle.pop() ?? (await new Promise<Worker>((resolve) => this.waiting.push(resolve)));
    this.signal.throwIfAborted();
    const answer = await this.ask(worker, job);
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(worker);
    else next(worker);
    if (answer.type === 'failed') {
      throw answer.isInput ? new InputError(answer.message) : new Error(answer.message);
    }
    if (answer.type !== expected) throw new Error(`the worker must answer ${expected}, got ${answer.type}`);
    return answer as Extract<EvaluationAnswer, { type: T }>;
  }

  readonly close = (): void => {
    this.signal.removeEventListener('abort', this.close);
    for (const worker of this.workers) worker.terminate();
  };

  private ask(worker: Worker, job: EvaluationJob): Promise<EvaluationAnswer> {
    return new Promise<EvaluationAnswer>((resolve, reject) => {
      const settle = (finish: () => void) => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        finish();
      };
      const onMessage = (answer: EvaluationAnswer) => settle(() => resolve(answer));
      const onError = (error: Error) => settle(() => reject(error));
      const onExit = (code: number) =>
        settle(() =>
          reject(this.signal.aborted ? this.signal.reason : new Error(`a worker ended without a result (${code})`)),
        );
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(job);
    });
  }
}

import { Worker } from 'node:worker_threads';
import { InputError } from '../../../engine/core/errors.ts';
import type { EvaluationAnswer, EvaluationJob } from './evaluationMessages.ts';

/** Evaluation workers, each with one job at a time. Waiting jobs are served in order of arrival. */
export class WorkerPool {
  private readonly workers: readonly Worker[];
  private readonly idle: Worker[];
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private readonly signal: AbortSignal;

  /** @param signal terminates all workers; running and waiting jobs reject with its reason */
  constructor(threads: number, signal: AbortSignal) {
    this.signal = signal;
    const url = new URL('./evaluationWorker.js', import.meta.url);
    this.workers = Array.from({ length: threads }, () => new Worker(url));
    this.idle = [...this.workers];
    signal.addEventListener('abort', this.close, { once: true });
  }

  /** @throws InputError if the job rejects its input; the signal's reason when cancelled */
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
    if (answer.type !== expected)
      throw new Error(`expected the answer "${expected}" from a worker, got "${answer.type}"`);
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
          reject(
            this.signal.aborted ? this.signal.reason : new Error(`a worker exited with code ${code} before its result`),
          ),
        );
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(job);
    });
  }
}

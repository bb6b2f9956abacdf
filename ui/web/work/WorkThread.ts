import { CallError } from '../../../engine/core/CallError.ts';
import { errorOf } from '../../../engine/core/errorRecord.ts';
import { PendingCalls } from '../../../engine/core/PendingCalls.ts';
import { currentTexts } from '../../texts/useTexts.ts';
import type { WorkAnswer, WorkName, WorkProgress, WorkRequests } from './workMessages.ts';

export interface WorkOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: WorkProgress) => void;
  readonly transfer?: readonly Transferable[];
}

/** Longest time without progress. A step takes well below a second on an idle machine; a tab in the background may get little time. */
const SILENCE_MILLISECONDS = 300_000;

/**
 * The thread that does all lengthy work of the page. It starts with the first call, and ends with an abort, a missed deadline or a fault;
 * the next call starts another. One piece of work at a time: the abort of one ends the others.
 */
export class WorkThread {
  private readonly texts = currentTexts().web.worker;
  private readonly calls = new PendingCalls({
    clock: {
      after: (milliseconds, action) => {
        const timer = setTimeout(action, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    peer: this.texts.name,
    remedy: this.texts.remedy,
  });
  private readonly listeners = new Map<number, (progress: WorkProgress) => void>();
  private worker: Worker | null = null;

  /** @throws the error of the worker; CallError if the call is aborted, misses its deadline, or the worker has failed */
  async call<Name extends WorkName>(
    name: Name,
    argument: WorkRequests[Name]['argument'],
    { signal, onProgress, transfer = [] }: WorkOptions = {},
  ): Promise<WorkRequests[Name]['answer']> {
    const limits = { timeoutMilliseconds: SILENCE_MILLISECONDS, ...(signal === undefined ? {} : { signal }) };
    const { number, answer } = this.calls.open<WorkRequests[Name]['answer']>(name, limits);
    if (onProgress !== undefined) this.listeners.set(number, onProgress);
    try {
      if (this.calls.has(number)) this.started().postMessage({ number, name, argument }, [...transfer]);
      return await answer;
    } catch (error) {
      // It would compute for nobody.
      if (error instanceof CallError && error.kind !== 'ended') this.end(this.stopped());
      throw error;
    } finally {
      this.listeners.delete(number);
    }
  }

  /** Ends the worker; calls that are still open are rejected. */
  close(): void {
    this.end(this.stopped());
  }

  private started(): Worker {
    if (this.worker !== null) return this.worker;
    const worker = new Worker(new URL('./webWorker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<WorkAnswer>) => this.receive(data);
    worker.onerror = (event) => {
      const detail = event.message ?? '';
      const happened = this.texts.failed(detail === '' ? this.texts.notLoaded : detail);
      this.end(new CallError('ended', happened, this.texts.remedy));
    };
    this.worker = worker;
    return worker;
  }

  private receive(message: WorkAnswer): void {
    const { number } = message;
    if (message.type === 'answer') this.calls.resolve(number, message.answer);
    else if (message.type === 'refusal') this.calls.reject(number, errorOf(message.error));
    else if (this.calls.extend(number)) this.listeners.get(number)?.(message.progress);
  }

  private stopped(): CallError {
    return new CallError('ended', this.texts.stopped, null);
  }

  private end(error: CallError): void {
    this.worker?.terminate();
    this.worker = null;
    this.calls.rejectAll(error);
  }
}

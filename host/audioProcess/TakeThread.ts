import { Worker } from 'node:worker_threads';
import { InputError } from '../../engine/core/errors.ts';
import { CallTimeoutError, PendingCalls } from '../rpc/PendingCalls.ts';
import { deserializeError } from '../rpc/SerializedError.ts';
import type {
  MessageFromTakeWorker,
  MessageToTakeWorker,
  RecordingFigures,
  RecordingKind,
  SpeechFigures,
  StemFile,
  TakeWorkerConfig,
} from '../rpc/takeMessages.ts';

export interface TakeThreadListener {
  /** Figures of what is being recorded; null: nothing of that kind. */
  onProgress(take: RecordingFigures | null, speech: SpeechFigures | null): void;
  /** A recording has ended because it cannot be written; the thread continues. */
  onFailed(kind: RecordingKind, error: Error): void;
  /** The thread has ended by itself or missed a deadline, and with it all recordings. Called once, and never after `terminate`. */
  onLost(error: Error): void;
}

/** Time for an answer of the thread. */
export type TakeDeadlines = Readonly<Record<MessageToTakeWorker['name'], number>>;

/** The worker thread that reads the tap and writes recordings. @thread device */
export class TakeThread {
  private readonly worker: Worker;
  private readonly calls = new PendingCalls<RecordingFigures>();
  private readonly deadlinesMilliseconds: TakeDeadlines;
  private readonly listener: TakeThreadListener;
  private isOver = false;

  constructor(config: TakeWorkerConfig, deadlinesMilliseconds: TakeDeadlines, listener: TakeThreadListener) {
    this.deadlinesMilliseconds = deadlinesMilliseconds;
    this.listener = listener;
    this.worker = new Worker(new URL('./takeWorker.js', import.meta.url), { workerData: config });
    this.worker.on('message', (message: MessageFromTakeWorker) => this.receive(message));
    this.worker.on('error', (error: Error) => this.lose(error));
    this.worker.on('exit', (code) =>
      this.lose(new Error(`the thread that writes recordings exited with code ${code}`)),
    );
  }

  /** @throws InputError if a file cannot be created, or not in time */
  async start(kind: RecordingKind, stems: readonly StemFile[]): Promise<void> {
    await this.call('start', (number) => ({ number, name: 'start', kind, stems }));
  }

  /** @returns figures of the completed files @throws InputError if they cannot be completed, or not in time */
  stop(kind: RecordingKind): Promise<RecordingFigures> {
    return this.call('stop', (number) => ({ number, name: 'stop', kind }));
  }

  async terminate(): Promise<void> {
    this.isOver = true;
    await this.worker.terminate();
  }

  private async call(
    name: MessageToTakeWorker['name'],
    message: (number: number) => MessageToTakeWorker,
  ): Promise<RecordingFigures> {
    const timeoutMilliseconds = this.deadlinesMilliseconds[name];
    const { number, answer } = this.calls.open<RecordingFigures>(name, { timeoutMilliseconds });
    this.worker.postMessage(message(number));
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof CallTimeoutError)) throw error;
      const late = new InputError(
        `the disk does not respond: the recording did not ${name} within ${timeoutMilliseconds / 1000} s; what was written is readable`,
      );
      this.lose(late);
      throw late;
    }
  }

  private receive(message: MessageFromTakeWorker): void {
    if (this.isOver) return;
    if (message.type === 'answer') this.calls.resolve(message.number, message.figures);
    else if (message.type === 'refusal') this.calls.reject(message.number, deserializeError(message.error));
    else if (message.type === 'progress') this.listener.onProgress(message.take, message.speech);
    else this.listener.onFailed(message.kind, deserializeError(message.error));
  }

  private lose(error: Error): void {
    if (this.isOver) return;
    void this.terminate();
    this.listener.onLost(error);
    this.calls.rejectAll(error);
  }
}

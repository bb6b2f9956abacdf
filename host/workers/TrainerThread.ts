import { Worker } from 'node:worker_threads';
import { deserializeError } from '../rpc/SerializedError.ts';
import type { MessageFromTrainer, MessageToTrainer, TrainerJob } from './trainerMessages.ts';

export interface TrainerListener {
  readonly signal: AbortSignal;
  /** Receives all messages except the result. */
  readonly onMessage: (message: Exclude<MessageFromTrainer, { type: 'done' | 'failed' }>) => void;
}

export type TrainerResult = Extract<MessageFromTrainer, { type: 'done' }>;

/** The trainer checks for cancellation between two steps; if it has not ended by then, the worker is terminated. */
const CANCEL_PATIENCE_MILLISECONDS = 500;

/**
 * Trains one speaker in a worker thread, so that this thread can show progress and react to Ctrl-C.
 * @throws InputError if the trainer refuses the job; the signal's reason if it is aborted
 */
export async function trainInThread(job: TrainerJob, { signal, onMessage }: TrainerListener): Promise<TrainerResult> {
  signal.throwIfAborted();
  const transferList = [...job.recordings, ...job.holdout].map((recording) => recording.samples.buffer as ArrayBuffer);
  const worker = new Worker(new URL('./trainerWorker.js', import.meta.url), { workerData: job, transferList });
  const cancel = () => {
    worker.postMessage({ type: 'cancel' } satisfies MessageToTrainer);
    setTimeout(() => worker.terminate(), CANCEL_PATIENCE_MILLISECONDS).unref();
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await new Promise<TrainerResult>((resolve, reject) => {
      worker.on('message', (message: MessageFromTrainer) => {
        if (message.type === 'done') resolve(message);
        else if (message.type === 'failed') reject(signal.aborted ? signal.reason : deserializeError(message.error));
        else onMessage(message);
      });
      worker.on('error', reject);
      worker.on('exit', (code) =>
        reject(
          signal.aborted ? signal.reason : new Error(`the trainer ended without a result, with exit code ${code}`),
        ),
      );
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}

import { Worker } from 'node:worker_threads';
import { deserializeError } from '../rpc/SerializedError.ts';
import type { AdaptationJob, MessageFromAdaptation } from './adaptationMessages.ts';

export interface AdaptationListener {
  readonly signal: AbortSignal;
  /** Run at low priority because audio is live. @default false: a user is waiting */
  readonly isLowPriority?: boolean;
  /** @param fraction 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Learns a joint adaptation in a worker thread.
 * @returns text of the adaptation file
 * @throws InputError if presets and evidence do not fit; the signal's reason if it is aborted
 */
export async function adaptInThread(
  what: Omit<AdaptationJob, 'isLowPriority'>,
  { signal, isLowPriority = false, onProgress }: AdaptationListener,
): Promise<string> {
  signal.throwIfAborted();
  const job: AdaptationJob = { ...what, isLowPriority };
  const worker = new Worker(new URL('./adaptationWorker.js', import.meta.url), { workerData: job });
  const cancel = () => void worker.terminate();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.on('message', (message: MessageFromAdaptation) => {
        if (message.type === 'progress') onProgress?.(message.fraction);
        else if (message.type === 'done') resolve(message.adaptationText);
        else reject(deserializeError(message.error));
      });
      worker.on('error', reject);
      worker.on('exit', (code) =>
        reject(
          signal.aborted ? signal.reason : new Error(`the adaptation ended without a result, with exit code ${code}`),
        ),
      );
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}

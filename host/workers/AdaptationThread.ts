import { Worker } from 'node:worker_threads';
import { deserializeError } from '../rpc/SerializedError.ts';
import type { AdaptationJob, MessageFromAdaptation } from './adaptationMessages.ts';

export interface AdaptationListener {
  readonly signal: AbortSignal;
  /** Whether sound plays meanwhile, which comes first. @default false: somebody waits for this */
  readonly isBehind?: boolean;
  /** @param fraction 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Adapts speakers to each other in a thread of its own.
 * @returns the adaptation file's text
 * @throws InputError for presets or evidence that do not fit; the signal's reason when cancelled
 */
export async function adaptInThread(
  what: Omit<AdaptationJob, 'isBehind'>,
  { signal, isBehind = false, onProgress }: AdaptationListener,
): Promise<string> {
  signal.throwIfAborted();
  const job: AdaptationJob = { ...what, isBehind };
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
        reject(signal.aborted ? signal.reason : new Error(`the adaptation ended without a result (${code})`)),
      );
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}

import { Worker } from 'node:worker_threads';
import { InputError } from '../../engine/core/errors.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import type { DecoderError, DecoderJob, MessageFromDecoder, MessageToDecoder } from './decoderMessages.ts';

export interface DecoderLimits {
  /**
   * Longest time for one block. Most formats are decoded in chunks of 64 kB within milliseconds; those that must be read as a whole, such
   * as M4A, within this time.
   * @default 120,000
   */
  readonly deadlineMilliseconds?: number;
  /** Called with the share of the file's bytes that was read, 0 to 1. */
  readonly onProgress?: (fractionRead: number) => void;
}

const DEADLINE_MILLISECONDS = 120_000;
/** JavaScript heap of a decoder, in MB. Samples and WebAssembly memory are not part of it: a decoder that needs more has a fault. */
const MAXIMUM_HEAP_MEGABYTES = 512;

/**
 * Decodes a file with `audio-decode` in a worker thread: the decoders print, take long and may not end, none of which reaches the calling
 * thread. One block is decoded ahead. The worker ends with the generator.
 * @returns a remark for the user, as `libraryBlocks`
 * @throws InputError as `libraryBlocks`, or if a block is not decoded before the deadline or does not fit into memory
 */
export async function* decodeInThread(
  job: DecoderJob,
  { deadlineMilliseconds = DEADLINE_MILLISECONDS, onProgress }: DecoderLimits = {},
): AsyncGenerator<DecodedBlock, string | null> {
  const worker = new Worker(new URL('./decoderWorker.js', import.meta.url), {
    workerData: job,
    // The MP3 and FLAC decoders print a line for every damaged frame they skip; such frames are no error.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: MAXIMUM_HEAP_MEGABYTES },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const request = () => {
    const answer = nextMessage(worker, job.name, deadlineMilliseconds);
    // Rejected while the caller still processes the previous block, or after it has stopped.
    answer.catch(() => {});
    return answer;
  };
  try {
    for (let answer = request(); ; ) {
      const message = await answer;
      if (message.type === 'end') return message.remark;
      if (message.type === 'failed') throw deserializeError(message.error);
      answer = request();
      onProgress?.(message.fractionRead);
      yield message.block;
    }
  } finally {
    await worker.terminate();
  }
}

function nextMessage(worker: Worker, name: string, deadlineMilliseconds: number): Promise<MessageFromDecoder> {
  return new Promise<MessageFromDecoder>((resolve, reject) => {
    const settle = (action: () => void) => {
      clearTimeout(deadline);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      action();
    };
    const onMessage = (message: MessageFromDecoder) => settle(() => resolve(message));
    const onError = (error: Error) => settle(() => reject(workerError(error, name)));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`${name}: the decoder ended without a result (${code})`)));
    const onDeadline = () =>
      settle(() =>
        reject(new InputError(`${name}: cannot be decoded: no samples within ${deadlineMilliseconds / 1000} s`)),
      );
    const deadline = setTimeout(onDeadline, deadlineMilliseconds);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage({ type: 'next' } satisfies MessageToDecoder);
  });
}

function workerError(error: Error & { readonly code?: unknown }, name: string): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new InputError(`${name}: cannot be decoded: the decoder needs more than ${MAXIMUM_HEAP_MEGABYTES} MB`);
}

function deserializeError({ isUserError, message, stack }: DecoderError): Error {
  if (isUserError) return new InputError(message);
  const error = new Error(message);
  if (stack !== null) error.stack = stack;
  return error;
}

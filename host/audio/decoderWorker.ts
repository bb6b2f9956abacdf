import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../engine/core/errors.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import type { DecoderError, DecoderJob, MessageFromDecoder, MessageToDecoder } from './decoderMessages.ts';
import { FileBytes } from './FileBytes.ts';
import { libraryBlocks } from './libraryBlocks.ts';

const port = parentPort;
if (port === null) throw new Error('decoderWorker runs in a worker thread only');
const job = workerData as DecoderJob;
let file: FileBytes | null = null;
let blocks: AsyncGenerator<DecodedBlock, string | null> | null = null;

async function next(): Promise<MessageFromDecoder> {
  try {
    file ??= await FileBytes.open(job.path, job.name);
    blocks ??= libraryBlocks(file, job);
    const { done, value } = await blocks.next();
    if (done) return { type: 'end', remark: value };
    // Copied, since a decoder may return views of its own memory, which cannot be transferred.
    const channels = value.channels.map((samples) => samples.slice());
    return { type: 'block', block: { ...value, channels }, fractionRead: file.fractionRead };
  } catch (error) {
    return { type: 'failed', error: serializeError(error) };
  }
}

function serializeError(error: unknown): DecoderError {
  if (!(error instanceof Error)) return { isUserError: false, message: String(error), stack: null };
  return { isUserError: error instanceof InputError, message: error.message, stack: error.stack ?? null };
}

port.on('message', async ({ type }: MessageToDecoder) => {
  if (type !== 'next') return;
  const message = await next();
  port.postMessage(
    message,
    message.type === 'block' ? message.block.channels.map(({ buffer }) => buffer as ArrayBuffer) : [],
  );
});

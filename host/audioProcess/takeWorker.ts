import { parentPort, workerData } from 'node:worker_threads';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import { serializeError } from '../rpc/SerializedError.ts';
import type { MessageFromTakeWorker, MessageToTakeWorker, TakeWorkerConfig } from '../rpc/takeMessages.ts';
import { TapWriter } from './TapWriter.ts';

const DRAIN_MILLISECONDS = 50;
const PROGRESS_MILLISECONDS = 250;

const port = parentPort;
if (port === null) throw new Error('takeWorker runs in a worker thread only');
const send = (message: MessageFromTakeWorker) => port.postMessage(message);
const config = workerData as TakeWorkerConfig;
const writer = new TapWriter(new SampleRing(config.tap), config.sampleRateHertz, (kind, error) =>
  send({ type: 'failed', kind, error: serializeError(error) }),
);

async function answer(message: MessageToTakeWorker): Promise<void> {
  const { number, kind } = message;
  try {
    const figures = await (message.name === 'start' ? writer.start(kind, message.stems) : writer.stop(kind));
    send({ type: 'answer', number, figures });
  } catch (error) {
    send({ type: 'refusal', number, error: serializeError(error) });
  }
}

/** The next round starts when the disk has taken this one. */
function drain(): void {
  setTimeout(() => void writer.drain().finally(drain), DRAIN_MILLISECONDS);
}

port.on('message', (message: MessageToTakeWorker) => void answer(message));
drain();
setInterval(() => {
  if (writer.isRecording) send({ type: 'progress', take: writer.takeFigures, speech: writer.speechFigures });
}, PROGRESS_MILLISECONDS);

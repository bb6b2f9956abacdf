import { parentPort, workerData } from 'node:worker_threads';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import { TapMarks } from '../../engine/realtime/TapMarks.ts';
import { serializeError } from '../rpc/SerializedError.ts';
import { serveThread } from '../rpc/serveThread.ts';
import type { TakeEvent, TakeRequests, TakeWorkerConfig } from '../rpc/takeMessages.ts';
import { TapWriter } from './TapWriter.ts';

const DRAIN_MILLISECONDS = 50;
const PROGRESS_MILLISECONDS = 250;

const port = parentPort;
if (port === null) throw new Error('takeWorker runs in a worker thread only');
const send = (event: TakeEvent) => port.postMessage(event);
const config = workerData as TakeWorkerConfig;
const writer = new TapWriter(new SampleRing(config.tap), new TapMarks(config.tapMarks), config.sampleRateHertz, {
  onFailed: (kind, error) => send({ type: 'failed', kind, error: serializeError(error) }),
  onSound: (pcm) => send({ type: 'sound', pcm }),
  onMix: (frame) => send({ type: 'mix', frame }),
  onInput: (sound) => send({ type: 'input', sound }),
  onFeedback: () => send({ type: 'feedback' }),
});

/** The next round starts when the disk has taken this one. */
function drain(): void {
  setTimeout(() => void writer.drain().finally(drain), DRAIN_MILLISECONDS);
}

serveThread<TakeRequests>({
  start: (request) => writer.start(request),
  voices: (voices) => {
    writer.nameVoices(voices);
    return null;
  },
  stop: ({ kind, brokenOff }) => writer.stop(kind, brokenOff),
});
drain();
setInterval(() => {
  if (writer.isRecording) send({ type: 'figures', take: writer.takeFigures, speech: writer.speechFigures });
}, PROGRESS_MILLISECONDS);

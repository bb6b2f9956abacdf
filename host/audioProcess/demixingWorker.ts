import { parentPort, workerData } from 'node:worker_threads';
import { DemixingEstimator } from '../../engine/channels/DemixingEstimator.ts';
import { DemixingSlot } from '../../engine/channels/DemixingSlot.ts';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import type { ChannelsDemixed, DemixingWorkerConfig } from '../rpc/channelMessages.ts';
import { lowerThreadPriority } from '../workers/threadPriority.ts';

const POLL_MILLISECONDS = 100;
const BLOCK_SAMPLES = 4096;
/** Pause after an estimate, relative to the time that it took, so that it occupies a fifth of a processor at most. */
const PAUSE = 4;

const port = parentPort;
if (port === null) throw new Error('demixingWorker runs in a worker thread only');
lowerThreadPriority();
const config = workerData as DemixingWorkerConfig;
const ring = new SampleRing(config.ring);
const { channels } = ring;
const estimator = new DemixingEstimator(new DemixingSlot(config.slot), config.voiced, config.sampleRateHertz);
const interleaved = new Float32Array(BLOCK_SAMPLES * channels);
let isFirst = true;
let nextMilliseconds = 0;

function readInput(): void {
  while (ring.readable > 0) {
    const count = ring.read(interleaved, 0, BLOCK_SAMPLES);
    const samples = Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: count }, (_, n) => interleaved[n * channels + channel]!),
    );
    estimator.add(samples);
  }
}

setInterval(() => {
  readInput();
  const start = performance.now();
  if (start < nextMilliseconds || !estimator.isDue) return;
  const isWritten = estimator.update();
  const end = performance.now();
  nextMilliseconds = end + PAUSE * (end - start);
  if (!isWritten || !isFirst) return;
  isFirst = false;
  port.postMessage({ type: 'demixed' } satisfies ChannelsDemixed);
}, POLL_MILLISECONDS);

// Baseline: the same devices, separator and voices in the simplest design, a worker with a queue of messages at its input and a queue of
// blocks at its output. Nothing is dropped, measured or supervised.
import { Worker } from 'node:worker_threads';
import { openBackend } from '../../../dist/host/audio/backend/openBackend.js';
import {
  chooseDevices,
  openedChannels,
  openStreams,
  outputChannels,
} from '../../../dist/host/audioProcess/liveStreams.js';

const RATE_HERTZ = 48_000;
/** Target fill of the playout queue, as in the other chain. */
const PRIMED_BLOCKS = 2;

const worker = new Worker(new URL('naiveWorker.mjs', import.meta.url), {
  workerData: { rateHertz: RATE_HERTZ, metrics: true },
});
const queue = [];
let isBegun = false;
worker.on('message', (block) => {
  if (block === 'ready') console.log('running');
  else queue.push(...block);
});
worker.on('error', (error) => console.error(`the engine has died: ${error.message}`));

const { backend } = await openBackend('portaudio', { input: null, outputs: [] });
const devices = await backend.devices();
const request = {
  backend: null,
  input: null,
  inputChannel: 'mix',
  voiceChannels: null,
  output: 'default',
  send: null,
  sampleRateHertz: RATE_HERTZ,
};
const chosen = chooseDevices(devices, request);
const channels = openedChannels(chosen.input, request);
const outputs = outputChannels(chosen.output);
await openStreams(backend, chosen, channels, RATE_HERTZ, () => ({
  onInput(samples, frames) {
    const mono = new Float32Array(frames);
    for (let n = 0; n < frames; n++) {
      for (let c = 0; c < channels; c++) mono[n] += samples[n * channels + c] / channels;
    }
    worker.postMessage(mono);
  },
  onOutput(samples, frames) {
    if (queue.length >= (PRIMED_BLOCKS + 1) * frames) isBegun = true;
    for (let n = 0; n < frames; n++) {
      const sample = isBegun ? (queue.shift() ?? 0) : 0;
      for (let c = 0; c < outputs; c++) samples[n * outputs + c] = Math.max(-1, Math.min(1, sample));
    }
  },
  onLost(error) {
    console.error(`lost: ${error.message}`);
  },
}));
process.on('SIGINT', () => process.exit(0));

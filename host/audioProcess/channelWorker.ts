import { parentPort, workerData } from 'node:worker_threads';
import { bestChannels } from '../../engine/channels/bestChannels.ts';
import { FirstSpeech } from '../../engine/channels/FirstSpeech.ts';
import { meanWeights } from '../../engine/channels/Mixdown.ts';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import type { ChannelsChosen, ChannelWorkerConfig } from '../rpc/channelMessages.ts';

const POLL_MILLISECONDS = 100;

const port = parentPort;
if (port === null) throw new Error('channelWorker runs in a worker thread only');
const { ring: buffer, sampleRateHertz, name } = workerData as ChannelWorkerConfig;
const ring = new SampleRing(buffer);
const { channels } = ring;
const speech = new FirstSpeech(channels, sampleRateHertz);
const { frameSamples } = speech;
const interleaved = new Float32Array(frameSamples * channels);
const frame = Array.from({ length: channels }, () => new Float32Array(frameSamples));

/** @returns null: there has not been enough speech yet */
function choose(): ChannelsChosen | null {
  while (ring.readable >= frameSamples) {
    ring.read(interleaved, 0, frameSamples);
    for (let channel = 0; channel < channels; channel++) {
      const samples = frame[channel]!;
      for (let n = 0; n < frameSamples; n++) samples[n] = interleaved[n * channels + channel]!;
    }
    const finding = speech.add(frame);
    if (finding === null) continue;
    const { mixdown, remark } = bestChannels(name, finding);
    return { type: 'chosen', weights: mixdown ?? meanWeights(channels), remark };
  }
  return null;
}

const timer = setInterval(() => {
  const chosen = choose();
  if (chosen === null) return;
  clearInterval(timer);
  port.postMessage(chosen);
}, POLL_MILLISECONDS);

// Runs the separator's node live in node-web-audio-api, from the default microphone to the default loudspeaker, with all voices and the
// rest, so that the output is the delayed input. Prints "running", and after the measurement its load as a line of JSON.
import { fileURLToPath } from 'node:url';
import { AudioContext, AudioWorkletNode, mediaDevices } from 'node-web-audio-api';
import { PROCESSOR_URL, SeparatorNode } from '../../dist/engine/worklet/index.js';
import { loadDefaultSpeakers } from '../../dist/host/library/defaultSpeakerSet.js';

const [seconds, latency] = process.argv.slice(2);
const { presets, adaptation } = await loadDefaultSpeakers();
const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
const microphone = context.createMediaStreamSource(await mediaDevices.getUserMedia({ audio: true }));
const separator = await SeparatorNode.create(context, {
  presets,
  adaptation,
  latency,
  processorUrl: fileURLToPath(PROCESSOR_URL),
  AudioWorkletNode,
});
microphone.connect(separator.node);
for (let output = 0; output <= presets.length; output++) separator.node.connect(context.destination, output);
console.log('running');
const before = process.cpuUsage();
const start = performance.now();
setTimeout(() => {
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ share: (user + system) / 1000 / (performance.now() - start) }));
  process.exit(0);
}, 1000 * Number(seconds));

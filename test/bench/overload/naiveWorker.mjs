import { parentPort, workerData } from 'node:worker_threads';
import { planStft, Separator } from '../../../dist/engine/index.js';
import { defaultSpeakerSet } from '../../../dist/host/library/defaultSpeakerSet.js';

const plan = planStft({ sampleRateHertz: workerData.rateHertz });
const speakerSet = await defaultSpeakerSet(plan);
const separator = new Separator(speakerSet);
parentPort.postMessage('ready');
parentPort.on('message', (block) => {
  globalThis.failAsTold?.();
  const speakers = speakerSet.speakers.map(() => new Float32Array(block.length));
  const rest = new Float32Array(block.length);
  separator.process(block, { speakers, rest });
  const mix = rest;
  for (const output of speakers) for (let n = 0; n < mix.length; n++) mix[n] += output[n];
  parentPort.postMessage(mix);
});

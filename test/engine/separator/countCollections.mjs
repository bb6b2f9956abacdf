// Runs the built engine alone in a process and counts garbage collections: a test runner makes garbage of its own.
// countCollections.mjs default|plain: the bundled voices, adapted and with their mask network, or without.
import { PerformanceObserver } from 'node:perf_hooks';
import { planStft, Separator } from '../../../dist/engine/index.js';
import { defaultSpeakerSet, plainSpeakerSet } from '../../../dist/host/library/defaultSpeakerSet.js';

let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ['gc'] });

const plan = planStft({ sampleRateHertz: 48_000 });
const isPlain = process.argv[2] === 'plain';
const speakerSet = await (isPlain ? plainSpeakerSet(plan) : defaultSpeakerSet(plan));
const separator = new Separator(speakerSet);
const input = new Float32Array(128);
const outputs = {
  speakers: [new Float32Array(128), new Float32Array(128)],
  rest: new Float32Array(128),
  dry: new Float32Array(128),
};
let n = 0;
const run = (blocks) => {
  for (let block = 0; block < blocks; block++) {
    for (let sample = 0; sample < 128; sample++) input[sample] = Math.sin(n++ * 0.05) * Math.sin(n * 0.001);
    separator.process(input, outputs);
  }
};
// Until the optimising compiler, which runs beside and has to wait on a busy machine, is done: interpreted arithmetic makes garbage.
for (let round = 0; round < 20; round++) {
  collections = 0;
  const heapBytes = process.memoryUsage().heapUsed;
  run(3000);
  const growthBytes = process.memoryUsage().heapUsed - heapBytes;
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (collections === 0 && growthBytes < 3000) break;
}
collections = 0;
const before = process.memoryUsage().heapUsed;
run(20_000);
const heapGrowthBytes = process.memoryUsage().heapUsed - before;
await new Promise((resolve) => setTimeout(resolve, 100));
console.log(JSON.stringify({ collections, heapGrowthBytes, hasNetwork: speakerSet.network !== undefined }));

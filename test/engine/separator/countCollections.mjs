// Runs the built engine alone in a process and counts garbage collections: a test runner makes garbage of its own.
import { PerformanceObserver } from 'node:perf_hooks';
import { planStft, Separator } from '../../../dist/engine/index.js';

let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ['gc'] });

const plan = planStft({ sampleRateHertz: 16_000 });
const bins = plan.windowSamples / 2 + 1;
const speaker = (phase) => ({
  name: 'voice',
  templates: 12,
  values: Float32Array.from({ length: 12 * bins }, (_, index) => 1 + Math.sin(index * (0.01 + phase))),
});
const separator = new Separator({ plan, magnitudeExponent: 0.5, bins, speakers: [speaker(0), speaker(0.3)] });
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
  run(3000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (collections === 0 && round > 0) break;
}
collections = 0;
const before = process.memoryUsage().heapUsed;
run(20_000);
const heapGrowthBytes = process.memoryUsage().heapUsed - before;
await new Promise((resolve) => setTimeout(resolve, 100));
console.log(JSON.stringify({ collections, heapGrowthBytes }));

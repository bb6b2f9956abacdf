// Runs the built input port alone in a process and counts garbage collections, as ../separator/countCollections.mjs does.
import { PerformanceObserver } from 'node:perf_hooks';
import { SampleRing } from '../../../dist/engine/core/SampleRing.js';
import { DryHistory } from '../../../dist/engine/realtime/DryHistory.js';
import { InputPort } from '../../../dist/engine/realtime/InputPort.js';

const RATE_HERTZ = 48_000;
const CHANNELS = 2;
const FRAMES = 192;

let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ['gc'] });

const ring = new SampleRing(SampleRing.allocate(RATE_HERTZ));
const copy = new SampleRing(SampleRing.allocate(RATE_HERTZ, CHANNELS));
const choices = [
  [0.5, 0.5],
  [1, 0],
];
const port = new InputPort(ring, new DryHistory(RATE_HERTZ), {
  sampleRateHertz: RATE_HERTZ,
  weights: choices[0],
  now: () => 0,
});
port.copyTo(copy);
// With a constant offset, which is removed.
const block = Float32Array.from({ length: CHANNELS * FRAMES }, (_, n) => 0.1 + 0.1 * Math.sin(n));
const run = (blocks) => {
  for (let index = 0; index < blocks; index++) {
    if (index % 1000 === 0) port.setWeights(choices[(index / 1000) % 2]);
    port.write(block, FRAMES, 0);
    ring.skip(FRAMES);
    copy.skip(FRAMES);
  }
};
// Until the optimising compiler is done.
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
console.log(JSON.stringify({ collections, heapGrowthBytes }));

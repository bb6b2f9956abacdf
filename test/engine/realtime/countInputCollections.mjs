// Runs the built input port alone in a process and counts garbage collections.
import { SampleRing } from '../../../dist/engine/core/SampleRing.js';
import { DryHistory } from '../../../dist/engine/realtime/DryHistory.js';
import { InputPort } from '../../../dist/engine/realtime/InputPort.js';
import { countGarbage } from '../countGarbage.mjs';

const RATE_HERTZ = 48_000;
const CHANNELS = 2;
const FRAMES = 192;

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
console.log(JSON.stringify(await countGarbage(run)));

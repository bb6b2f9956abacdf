// Runs the built input of channels alone in a process and counts garbage collections.
import { DemixingSlot } from '../../../dist/engine/channels/DemixingSlot.js';
import { planLiveDemixing } from '../../../dist/engine/channels/liveDemixing.js';
import { SampleRing } from '../../../dist/engine/core/SampleRing.js';
import { ChannelInput } from '../../../dist/engine/realtime/ChannelInput.js';
import { SplicingReader } from '../../../dist/engine/realtime/SplicingReader.js';
import { countGarbage } from '../countGarbage.mjs';

const RATE_HERTZ = 8000;
const CHANNELS = 2;
/** One frame of the demixer. */
const BLOCK_SAMPLES = 32;

const { bins } = planLiveDemixing(RATE_HERTZ);
const slot = new DemixingSlot(DemixingSlot.allocate(CHANNELS, bins));
const elements = 2 * bins * CHANNELS * CHANNELS;
const demixings = [0.1, 0.2].map((share) => ({
  matrices: Float32Array.from({ length: elements }, (_, n) => [1, 0, -share, 0, -share, 0, 1, 0][n % 8]),
  bleed: Float32Array.from({ length: elements }, (_, n) => [1, 0, share, 0, share, 0, 1, 0][n % 8]),
}));
const ring = new SampleRing(SampleRing.allocate(1024, CHANNELS));
const reader = new SplicingReader(ring);
const input = new ChannelInput(slot, RATE_HERTZ, BLOCK_SAMPLES);
const mixture = new Float32Array(BLOCK_SAMPLES);
const outputs = { speakers: input.voices, rest: new Float32Array(BLOCK_SAMPLES), dry: mixture };
const block = Float32Array.from({ length: CHANNELS * BLOCK_SAMPLES }, (_, n) => 0.1 * Math.sin(n));
const run = (blocks) => {
  for (let index = 0; index < blocks; index++) {
    if (index % 100 === 0) slot.write(demixings[(index / 100) % 2]);
    ring.write(block, 0, BLOCK_SAMPLES);
    input.read(reader, mixture, index % 1000 > 900);
    input.writeRest(outputs, index % 200 < 100 ? 0 : 1, BLOCK_SAMPLES, 0);
  }
};
console.log(JSON.stringify(await countGarbage(run)));

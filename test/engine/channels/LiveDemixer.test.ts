import { expect, test } from 'vitest';
import { ASSUMED_BLEED, DemixingSlot } from '../../../engine/channels/DemixingSlot.ts';
import type { Demixing } from '../../../engine/channels/estimateDemixing.ts';
import { LiveDemixer } from '../../../engine/channels/LiveDemixer.ts';
import { planLiveDemixing } from '../../../engine/channels/liveDemixing.ts';
import { Random } from '../../../engine/core/Random.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const RATE_HERTZ = 8000;
const { bins } = planLiveDemixing(RATE_HERTZ);
const newSlot = () => new DemixingSlot(DemixingSlot.allocate(2, bins));
const silence = new Float32Array(RATE_HERTZ);
const voices = [syntheticVoice(1, 110, 0.9, 1, RATE_HERTZ), syntheticVoice(2, 200, 1.1, 1, RATE_HERTZ)];

/** A demixing that subtracts a quarter of the other channel from each. */
function quarter(): Demixing {
  const matrices = new Float32Array(8 * bins);
  const bleed = new Float32Array(8 * bins);
  for (let bin = 0; bin < bins; bin++) {
    matrices.set([1, 0, -0.25, 0, -0.25, 0, 1, 0], 8 * bin);
    bleed.set([1, 0, 0.25, 0, 0.25, 0, 1, 0], 8 * bin);
  }
  return { channels: 2, bins, matrices, bleed };
}

function process(
  demixer: LiveDemixer,
  channels: readonly Float32Array[],
  blockSamples: number = channels[0]!.length,
  isSuspended = false,
): Float32Array[] {
  const outputs = channels.map(({ length }) => new Float32Array(length));
  for (let start = 0; start < channels[0]!.length; start += blockSamples) {
    const blocks = channels.map((channel) => channel.slice(start, start + blockSamples));
    const parts = blocks.map(({ length }) => new Float32Array(length));
    demixer.process(blocks, parts, blocks[0]!.length, isSuspended);
    parts.forEach((part, index) => {
      outputs[index]!.set(part, start);
    });
  }
  return outputs;
}

test('a voice alone passes unchanged, delayed by 8 ms', () => {
  const demixer = new LiveDemixer(newSlot(), RATE_HERTZ);
  const [output, other] = process(demixer, [voices[0]!, silence]);
  expect(demixer.latencySamples).toBe(64);
  const difference = output!.map((sample, n) => Math.abs(sample - (voices[0]![n - 64] ?? 0)));
  expect(Math.max(...difference)).toBeLessThan(1e-6);
  expect(other!.every((sample) => sample === 0)).toBe(true);
});

test('the output is the same at any block size', () => {
  const parts = voices.map((voice) => voice.subarray(0, 2000));
  const whole = process(new LiveDemixer(newSlot(), RATE_HERTZ), parts);
  for (const blockSamples of [1, 7, 1000])
    expect(process(new LiveDemixer(newSlot(), RATE_HERTZ), parts, blockSamples)).toEqual(whole);
});

test('before the first demixing, bleed is attenuated by a mask', () => {
  const bleed = voices[0]!.map((sample) => Math.sqrt(ASSUMED_BLEED) * sample);
  const [own, other] = process(new LiveDemixer(newSlot(), RATE_HERTZ), [voices[0]!, bleed]);
  const energy = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);
  expect(energy(other!) / energy(bleed)).toBeCloseTo(0.25, 2);
  expect(energy(own!) / energy(voices[0]!)).toBeGreaterThan(0.9);
});

test('a demixing that arrives while the sound runs is faded in without a click, and then removes the bleed', () => {
  const slot = newSlot();
  const demixer = new LiveDemixer(slot, RATE_HERTZ);
  const tone = Float32Array.from({ length: 3 * RATE_HERTZ }, (_, n) => Math.sin(n / 20));
  const channels = [tone, tone.map((sample) => sample / 4)];
  process(
    demixer,
    channels.map((channel) => channel.subarray(0, RATE_HERTZ)),
  );
  expect(slot.write(quarter())).toBe(true);
  const [, other] = process(
    demixer,
    channels.map((channel) => channel.subarray(RATE_HERTZ)),
  );
  const steps = other!.subarray(1).map((sample, n) => Math.abs(sample - other![n]!));
  expect(Math.max(...steps)).toBeLessThan(0.3 / 20);
  expect(Math.max(...other!.subarray(RATE_HERTZ).map(Math.abs))).toBeLessThan(1e-3);
});

test('neither end waits for the slot', () => {
  const slot = newSlot();
  expect(slot.beginReading()).toBe(true);
  expect(slot.write(quarter())).toBe(false);
  expect(slot.version).toBe(0);
  // A new reader frees what an earlier one has left behind, and finds the latest demixing.
  const demixer = new LiveDemixer(slot, RATE_HERTZ);
  expect(slot.write(quarter())).toBe(true);
  process(demixer, voices);
  expect(slot.write(quarter())).toBe(true);
});

test('bins without a demixing are masked as before', () => {
  const slot = newSlot();
  const plain = quarter();
  plain.matrices.set([1, 0, 0, 0, 0, 0, 1, 0], 8);
  plain.bleed.set([1, 0, 0, 0, 0, 0, 1, 0], 8);
  slot.write(plain);
  const assumed = Math.fround(ASSUMED_BLEED);
  expect([...slot.remaining.subarray(4, 8)]).toEqual([0, assumed, assumed, 0]);
  expect(slot.remaining[1]).toBeCloseTo(0.02 / 16, 6);
});

test('suspended it is silent, and continues as before after a window', () => {
  const random = new Random(1);
  const noise = [0, 1].map(() => Float32Array.from({ length: RATE_HERTZ }, () => random.between(-1, 1)));
  const demixer = new LiveDemixer(newSlot(), RATE_HERTZ);
  const silent = process(demixer, noise, 100, true);
  expect(silent[0]!.every((sample) => sample === 0)).toBe(true);
  const expected = new LiveDemixer(newSlot(), RATE_HERTZ);
  process(expected, noise, 100);
  const resumed = process(demixer, noise, 100)[0]!.subarray(1200);
  expect(resumed).toEqual(process(expected, noise, 100)[0]!.subarray(1200));
});

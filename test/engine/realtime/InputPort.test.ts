import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { DryHistory } from '../../../engine/realtime/DryHistory.ts';
import { InputPort } from '../../../engine/realtime/InputPort.ts';

const RATE_HERTZ = 16_000;
const tone = (seconds: number, hertz = 120, amplitude = 0.1) =>
  Float32Array.from(
    { length: seconds * RATE_HERTZ },
    (_, n) => amplitude * Math.sin((2 * Math.PI * hertz * n) / RATE_HERTZ),
  );

function interleaved(...channels: readonly Float32Array[]): Float32Array {
  return Float32Array.from(
    { length: channels[0]!.length * channels.length },
    (_, n) => channels[n % channels.length]![Math.floor(n / channels.length)]!,
  );
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((largest, sample, n) => Math.max(largest, Math.abs(sample - other[n]!)), 0);
}

/** Largest difference between neighbouring samples. */
function largestStep(samples: Float32Array): number {
  return largestDifference(samples.subarray(1), samples.subarray(0, -1));
}

function portOf(weights: readonly number[], seconds: number) {
  const ring = new SampleRing(SampleRing.allocate(seconds * RATE_HERTZ));
  const port = new InputPort(ring, new DryHistory(RATE_HERTZ), {
    sampleRateHertz: RATE_HERTZ,
    weights,
    now: () => 0,
  });
  /** @returns what the engine would read */
  const received = () => {
    const samples = new Float32Array(ring.readable);
    ring.read(samples, 0, samples.length);
    return samples;
  };
  return { port, received };
}

/** @returns the engine's input after blocks of `blockSamples` frames */
function pass(input: Float32Array, weights: readonly number[], blockSamples: number): Float32Array {
  const channels = weights.length;
  const frames = input.length / channels;
  const { port, received } = portOf(weights, frames / RATE_HERTZ);
  for (let first = 0; first < frames; first += blockSamples) {
    const count = Math.min(blockSamples, frames - first);
    port.write(input.slice(first * channels, (first + count) * channels), count, 0);
  }
  return received();
}

test('one channel or the mean of two is passed on unchanged', () => {
  const left = tone(1);
  const right = tone(1, 300, 0.3);
  expect(pass(interleaved(left, right), [0, 1], 192)).toEqual(right);
  const mean = pass(interleaved(left, right), [0.5, 0.5], 192);
  expect(mean).toEqual(left.map((sample, n) => (sample + right[n]!) / 2));
});

test('a large constant offset is removed without a click, a small one stays', () => {
  const voice = tone(4);
  const clean = pass(
    voice.map((sample) => sample + 0.2),
    [1],
    192,
  );
  const removed = 2.2 * RATE_HERTZ;
  expect(largestDifference(clean.subarray(removed), voice.subarray(removed))).toBeLessThan(0.002);
  // From one sample to the next, the tone changes by 0.005 and the ramp by 0.2 in 0.1 s.
  expect(largestStep(clean)).toBeLessThan(0.006);
  const small = voice.map((sample) => sample + 0.006);
  expect(pass(small, [1], 192)).toEqual(small);
});

test('an offset that appears or changes later is removed within 20 seconds', () => {
  const voice = tone(80);
  const steps = voice.map((sample, n) => sample + [0, 0.1, -0.05, 0][Math.floor(n / (20 * RATE_HERTZ))]!);
  const clean = pass(steps, [1], 192);
  for (let step = 1; step <= 4; step++) {
    const last = clean.subarray((20 * step - 1) * RATE_HERTZ, 20 * step * RATE_HERTZ);
    expect(Math.abs(last.reduce((sum, sample) => sum + sample, 0) / last.length)).toBeLessThan(0.025);
  }
});

test('invalid samples are passed on and spoil no later ones', () => {
  const voice = tone(4).map((sample) => sample + 0.2);
  const broken = voice.slice();
  broken[RATE_HERTZ] = Number.NaN;
  broken[RATE_HERTZ + 1] = 1e30;
  const clean = pass(broken, [1], 192);
  expect(clean[RATE_HERTZ]).toBeNaN();
  expect(clean[RATE_HERTZ + 1]).toBeGreaterThan(1e29);
  const later = 2.2 * RATE_HERTZ;
  expect(largestDifference(clean.subarray(later), tone(4).subarray(later))).toBeLessThan(0.002);
});

test('the output is the same at any block size', () => {
  const input = interleaved(
    tone(3).map((sample) => sample + 0.1),
    tone(3, 300),
  );
  const whole = pass(input, [0.5, 0.5], 192);
  for (const blockSamples of [1, 7, 1000]) expect(pass(input, [0.5, 0.5], blockSamples)).toEqual(whole);
});

test('other weights are faded in, and all channels are copied as they are', () => {
  const left = tone(1);
  const right = tone(1).map((sample) => -sample);
  const { port, received } = portOf([0.5, 0.5], 1);
  const copy = new SampleRing(SampleRing.allocate(RATE_HERTZ, 2));
  port.copyTo(copy);
  const input = interleaved(left, right);
  port.write(input.slice(0, RATE_HERTZ), RATE_HERTZ / 2, 0);
  port.copyTo(null);
  port.setWeights([1, 0]);
  port.write(input.slice(RATE_HERTZ), RATE_HERTZ / 2, 0);
  const mono = received();
  expect(mono.subarray(0, RATE_HERTZ / 2).every((sample) => sample === 0)).toBe(true);
  expect(largestStep(mono)).toBeLessThan(0.006);
  const last = 0.6 * RATE_HERTZ;
  expect(mono.subarray(last)).toEqual(left.subarray(last));
  const copied = new Float32Array(RATE_HERTZ);
  expect(copy.read(copied, 0, RATE_HERTZ)).toBe(RATE_HERTZ / 2);
  expect(copied).toEqual(input.subarray(0, RATE_HERTZ));
});

test('channels of voices are passed on, each without its own offset; the dry history holds their sum', () => {
  const [left, right] = [tone(4), tone(4, 300)];
  const frames = left.length;
  const ring = new SampleRing(SampleRing.allocate(frames, 2));
  const history = new DryHistory(frames);
  const port = new InputPort(ring, history, {
    sampleRateHertz: RATE_HERTZ,
    weights: [1, 1],
    hasChannels: true,
    now: () => 0,
  });
  const input = interleaved(
    left,
    right.map((sample) => sample + 0.2),
  );
  const before = input.slice();
  port.write(input, frames, 0);
  expect(input).toEqual(before);
  const received = new Float32Array(2 * frames);
  expect(ring.read(received, 0, frames)).toBe(frames);
  const [first, second] = [0, 1].map((index) =>
    Float32Array.from({ length: frames }, (_, n) => received[2 * n + index]!),
  ) as [Float32Array, Float32Array];
  expect(first).toEqual(left);
  const removed = 2.2 * RATE_HERTZ;
  expect(largestDifference(second.subarray(removed), right.subarray(removed))).toBeLessThan(0.002);
  const dry = new Float32Array(frames);
  expect(history.read(dry, frames, 0)).toBe(true);
  const sum = first.map((sample, n) => sample + second[n]!);
  expect(largestDifference(dry, sum)).toBeLessThan(1e-6);
});

test('writing collects no garbage over 20,000 blocks', () => {
  const script = fileURLToPath(new URL('countInputCollections.mjs', import.meta.url));
  const { collections, heapGrowthBytes } = JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' }));
  expect(collections).toBe(0);
  // Less than a byte a block.
  expect(heapGrowthBytes).toBeLessThan(20_000);
});

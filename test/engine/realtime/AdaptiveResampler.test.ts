import { expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { AdaptiveResampler } from '../../../engine/realtime/AdaptiveResampler.ts';

/** Resamples a function of time in random blocks. */
function resample(ratio: number, signal: (n: number) => number, count: number): Float32Array {
  const resampler = new AdaptiveResampler(ratio);
  const random = new Random(1);
  const output = new Float32Array(count);
  let position = 0;
  for (let start = 0; start < count; ) {
    const block = Math.min(1 + random.integer(400), count - start);
    const needed = resampler.needed(block);
    const input = Float32Array.from({ length: needed }, (_, n) => signal(position + n));
    position += needed;
    const result = new Float32Array(block);
    resampler.process(input, result, block);
    output.set(result, start);
    start += block;
  }
  return output;
}

it('passes samples unchanged at a ratio of 1, delayed by its latency', () => {
  const output = resample(1, (n) => Math.sin(n * n), 1000);
  const { latencySamples } = new AdaptiveResampler(1);
  for (let n = latencySamples; n < 1000; n++) expect(output[n]).toBe(Math.fround(Math.sin((n - latencySamples) ** 2)));
});

it.each([0.9999, 1.0003, 44_100 / 48_000, 48_000 / 44_100, 16_000 / 48_000, 3])(
  'resamples a sine at a ratio of %f with an error below -70 dB',
  (ratio) => {
    const radiansPerSample = (2 * Math.PI * 0.11) / Math.max(1, ratio);
    const output = resample(ratio, (n) => Math.sin(radiansPerSample * n), 6000);
    const { latencySamples } = new AdaptiveResampler(ratio);
    let error = 0;
    for (let n = 200; n < 6000; n++) {
      error += (output[n]! - Math.sin(radiansPerSample * (n * ratio - latencySamples))) ** 2;
    }
    expect(10 * Math.log10(error / 5800 / 0.5)).toBeLessThan(-70);
  },
);

it('suppresses frequencies above half the output rate', () => {
  const output = resample(3, (n) => Math.sin(2 * Math.PI * 0.24 * n), 6000);
  const power = output.subarray(200).reduce((sum, value) => sum + value * value, 0) / 5800;
  expect(10 * Math.log10(power / 0.5)).toBeLessThan(-50);
});

it('changes its ratio without a jump', () => {
  const resampler = new AdaptiveResampler(1);
  let position = 0;
  let last = 0;
  const output = new Float32Array(64);
  for (let block = 0; block < 400; block++) {
    resampler.ratio = 1 + 0.001 * Math.sin(block / 10);
    const input = Float32Array.from({ length: resampler.needed(64) }, () => Math.sin(0.05 * position++));
    resampler.process(input, output, 64);
    for (const value of output) {
      if (block > 0) expect(Math.abs(value - last)).toBeLessThan(0.0502);
      last = value;
    }
  }
});

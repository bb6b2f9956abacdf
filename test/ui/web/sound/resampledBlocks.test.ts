import { expect, it } from 'vitest';
import { Random } from '../../../../engine/core/Random.ts';
import { polyphaseResample } from '../../../../engine/evaluation/polyphaseResample.ts';
import { resampledBlocks } from '../../../../ui/web/sound/resampledBlocks.ts';

const TO_HERTZ = 16_000;

async function* blocksOf(samples: Float32Array<ArrayBuffer>, length: number) {
  for (let start = 0; start < samples.length; start += length) yield samples.slice(start, start + length);
}

it.each([
  [48_000, 200_000, 65_536],
  [44_100, 210_003, 65_536],
  [16_000, 5000, 512],
  [8000, 4001, 1000],
  [44_100, 10, 3],
])('sound at %d Hz in blocks becomes the same as in one piece', async (fromHertz, count, blockSamples) => {
  const random = new Random(1);
  const samples = Float32Array.from({ length: count }, () => random.uniform() - 0.5);
  const parts: number[] = [];
  for await (const part of resampledBlocks(blocksOf(samples, blockSamples), fromHertz, TO_HERTZ))
    for (const sample of part) parts.push(sample);
  const whole = Float32Array.from(polyphaseResample(samples, TO_HERTZ, fromHertz));
  expect(parts.length).toBe(whole.length);
  let largest = 0;
  for (let n = 0; n < whole.length; n++) largest = Math.max(largest, Math.abs(whole[n]! - parts[n]!));
  expect(largest).toBeLessThan(1e-6);
});

import { expect, test } from 'vitest';
import { Resampler } from '../../../host/audio/Resampler.ts';
import { resample } from '../../../host/audio/resample.ts';

const sound = Float32Array.from({ length: 30_000 }, (_, n) => Math.sin(n * n * 1e-5));

async function streamed(blockSamples: number, fromHertz: number, toHertz: number): Promise<Float32Array> {
  const resampler = await Resampler.create(fromHertz, toHertz);
  const output: number[] = [];
  for (let start = 0; start < sound.length; start += blockSamples)
    output.push(...resampler.process(sound.subarray(start, start + blockSamples)));
  output.push(...resampler.flush());
  resampler.close();
  return Float32Array.from(output);
}

test.each([
  [44_100, 16_000],
  [48_000, 16_000],
  [8000, 16_000],
  [16_000, 16_000],
])('%i to %i Hz: a stream in blocks of any size equals the signal as a whole', async (from, to) => {
  const whole = await resample(sound, from, to);
  for (const blockSamples of [64, 999, sound.length]) {
    const output = await streamed(blockSamples, from, to);
    expect(output.length).toBe(whole.length);
    let worst = 0;
    for (const [n, value] of whole.entries()) worst = Math.max(worst, Math.abs(value - output[n]!));
    expect(worst).toBeLessThan(1e-6);
  }
});

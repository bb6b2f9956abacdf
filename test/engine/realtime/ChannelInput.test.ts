import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DemixingSlot } from '../../../engine/channels/DemixingSlot.ts';
import { planLiveDemixing } from '../../../engine/channels/liveDemixing.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { ChannelInput } from '../../../engine/realtime/ChannelInput.ts';
import { SplicingReader } from '../../../engine/realtime/SplicingReader.ts';

const RATE_HERTZ = 8000;
const BLOCK_SAMPLES = 1024;

test('the mixture is the sum of the channels; clipped samples are counted in each, invalid ones reach no voice', () => {
  const slot = new DemixingSlot(DemixingSlot.allocate(2, planLiveDemixing(RATE_HERTZ).bins));
  const input = new ChannelInput(slot, RATE_HERTZ, BLOCK_SAMPLES);
  const ring = new SampleRing(SampleRing.allocate(BLOCK_SAMPLES, 2));
  const frames = Float32Array.from({ length: 2 * 500 }, (_, n) => 0.6 * Math.sin(n));
  frames[2 * 100] = 1;
  frames[2 * 100 + 1] = -1;
  frames[2 * 200] = Number.NaN;
  frames[2 * 201] = 1e30;
  ring.write(frames, 0, 500);
  const mixture = new Float32Array(BLOCK_SAMPLES);
  expect(input.read(new SplicingReader(ring), mixture, false)).toBe(500);
  expect(mixture[100]).toBe(0);
  expect(mixture[99]).toBe(Math.fround(frames[2 * 99]! + frames[2 * 99 + 1]!));
  // The separator, which counts and silences them, must see them.
  expect(mixture[200]).toBeNaN();
  expect(input.clippedSamples).toBe(3);
  for (const voice of input.voices) expect(voice.every((sample) => Math.abs(sample) < 2)).toBe(true);
});

test('reading collects no garbage over 20,000 blocks, in which demixings arrive', () => {
  const script = fileURLToPath(new URL('countChannelCollections.mjs', import.meta.url));
  const { collections, heapGrowthBytes } = JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' }));
  expect(collections).toBe(0);
  // Less than a byte a block.
  expect(heapGrowthBytes).toBeLessThan(20_000);
});

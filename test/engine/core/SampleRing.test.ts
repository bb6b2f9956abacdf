import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';

it('returns frames in order for random block sizes and many wraps', () => {
  const ring = new SampleRing(SampleRing.allocate(50, 2));
  expect(ring.capacitySamples).toBe(64);
  const random = new Random(5);
  let next = 0;
  let expected = 0;
  const frames = new Float32Array(200);
  for (let turn = 0; turn < 5000; turn++) {
    const count = random.integer(90);
    for (let n = 0; n < count; n++) {
      frames[2 * n] = next + n;
      frames[2 * n + 1] = -(next + n);
    }
    const writable = ring.writable;
    const written = ring.write(frames, 0, count);
    expect(written).toBe(Math.min(count, writable));
    next += written;
    const read = ring.read(frames, 1, random.integer(90));
    for (let n = 0; n < read; n++, expected++) {
      const left = frames[2 * (n + 1)];
      const right = frames[2 * (n + 1) + 1];
      if (left !== expected || right !== -expected) expect.fail(`frame ${expected} is ${left}, ${right}`);
    }
    expect(ring.readable).toBe(next - expected);
  }
  expect(next).toBeGreaterThan(50_000);
});

it('works when positions pass 2^31', () => {
  const buffer = SampleRing.allocate(16);
  new Int32Array(buffer).fill(2 ** 31 - 3, 0, 2);
  const ring = new SampleRing(buffer);
  expect(ring.write(Float32Array.of(1, 2, 3, 4, 5, 6), 0, 6)).toBe(6);
  expect(ring.readable).toBe(6);
  const frames = new Float32Array(6);
  expect(ring.peek(frames, 0, 2)).toBe(2);
  expect([...frames.subarray(0, 2)]).toEqual([1, 2]);
  expect(ring.skip(2)).toBe(2);
  expect(ring.read(frames, 0, 6)).toBe(4);
  expect([...frames.subarray(0, 4)]).toEqual([3, 4, 5, 6]);
});

it('carries samples from a thread that never blocks to one that sleeps', async () => {
  const [there, back] = [SampleRing.allocate(256), SampleRing.allocate(2 ** 17)];
  const worker = new Worker(
    `const { workerData } = require('node:worker_threads');
     import(workerData.module).then(({ SampleRing }) => {
       const there = new SampleRing(workerData.there), back = new SampleRing(workerData.back);
       const frames = new Float32Array(256);
       for (let total = 0; total < 100000; ) {
         there.wait(1000);
         const count = there.read(frames, 0, 256);
         back.write(frames, 0, count);
         total += count;
       }
     });`,
    {
      eval: true,
      workerData: { module: new URL('../../../dist/engine/core/SampleRing.js', import.meta.url).href, there, back },
    },
  );
  const ring = new SampleRing(there);
  const frames = new Float32Array(100);
  for (let total = 0; total < 100_000; ) {
    for (let n = 0; n < 100; n++) frames[n] = total + n;
    total += ring.write(frames, 0, Math.min(100, 100_000 - total));
    if (ring.writable === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => worker.once('exit', resolve));
  const result = new Float32Array(100_000);
  expect(new SampleRing(back).read(result, 0, 100_000)).toBe(100_000);
  expect(result.every((value, n) => value === n)).toBe(true);
});

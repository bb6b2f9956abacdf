import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { Seqlock } from '../../../engine/core/Seqlock.ts';

const COUNT = 16;
const buffer = () => new SharedArrayBuffer(Seqlock.bytes(COUNT));

it('shows a draft only once it is published', () => {
  const memory = buffer();
  const [writer, reader] = [new Seqlock(memory, COUNT), new Seqlock(memory, COUNT)];
  writer.draft.fill(Math.PI);
  expect(reader.refresh()).toBe(true);
  expect(reader.values[3]).toBe(0);
  writer.publish();
  expect(reader.refresh()).toBe(true);
  expect([...reader.values]).toEqual(Array.from({ length: COUNT }, () => Math.PI));
});

it('keeps the last coherent values if the writer ended while it was publishing', () => {
  const memory = buffer();
  const [writer, reader] = [new Seqlock(memory, COUNT), new Seqlock(memory, COUNT)];
  writer.draft.fill(1);
  writer.publish();
  reader.refresh();
  const words = new Int32Array(memory);
  words[0]!++;
  words.fill(7, 2);
  expect(reader.refresh()).toBe(false);
  expect([...new Set(reader.values)]).toEqual([1]);
});

it('never mixes two publications of a writer in another thread', async () => {
  const memory = buffer();
  const reader = new Seqlock(memory, COUNT);
  const worker = new Worker(
    `const { workerData } = require('node:worker_threads');
     import(workerData.module).then(({ Seqlock }) => {
       const writer = new Seqlock(workerData.memory, ${COUNT});
       const words = new Int32Array(workerData.memory);
       for (let turn = 1; ; turn++) {
         // Both words of each value change at each turn.
         writer.draft.fill(turn / 3);
         writer.publish();
         for (let pause = turn % 512; pause > 0; pause--) Atomics.load(words, 0);
       }
     });`,
    {
      eval: true,
      workerData: { memory, module: new URL('../../../dist/engine/core/Seqlock.js', import.meta.url).href },
    },
  );
  try {
    await expect.poll(() => reader.refresh() && reader.values[0]! > 0, { timeout: 10_000 }).toBe(true);
    let [succeeded, advances, previous] = [0, 0, 0];
    const end = performance.now() + 500;
    while (performance.now() < end) {
      for (let turn = 0; turn < 1000; turn++) {
        if (reader.refresh()) succeeded++;
        const [first] = reader.values;
        if (first === undefined || reader.values.some((value) => value !== first) || first < previous)
          expect.fail(`mixed publications: ${[...reader.values]}`);
        if (first > previous) advances++;
        previous = first;
      }
    }
    expect(succeeded).toBeGreaterThan(100);
    // The two threads may share one core; then the reader sees few publications.
    expect(advances).toBeGreaterThan(2);
  } finally {
    await worker.terminate();
  }
});

import { expect, it } from 'vitest';
import { CircularBuffer } from '../../../engine/core/CircularBuffer.ts';
import { Random } from '../../../engine/core/Random.ts';
import { StateReader, StateWriter } from '../../../engine/core/StateNumbers.ts';

const CAPACITY = 7;
const FACTORS = Float32Array.from({ length: CAPACITY }, (_, n) => n + 1);

it('holds the latest samples, oldest first, and survives saving and restoring', () => {
  const random = new Random(1);
  const buffer = new CircularBuffer(CAPACITY);
  const stream = new Array<number>(CAPACITY).fill(0);
  for (let turn = 0; turn < 200; turn++) {
    const samples = Float32Array.from({ length: random.integer(20) }, () => random.integer(1000));
    if (turn % 2 === 0) buffer.write(samples, 0, samples.length);
    for (const sample of samples) {
      if (turn % 2 === 1) expect(buffer.push(sample)).toBe(stream.at(-CAPACITY));
      stream.push(sample);
    }
    const state = new StateWriter();
    buffer.save(state);
    const copy = new CircularBuffer(CAPACITY);
    copy.restore(new StateReader(state.finish()));
    const read = new Float32Array(CAPACITY - 2);
    copy.read(2, read, CAPACITY - 2);
    expect([buffer.at(0), buffer.at(1), ...read]).toEqual(stream.slice(-CAPACITY));
    const scaled = new Float32Array(CAPACITY);
    copy.readScaled(FACTORS, scaled);
    expect(Array.from(scaled)).toEqual(stream.slice(-CAPACITY).map((sample, n) => sample * (n + 1)));
  }
});

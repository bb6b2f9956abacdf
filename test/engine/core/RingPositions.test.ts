import { expect, it } from 'vitest';
import { RingPositions } from '../../../engine/core/RingPositions.ts';

const CAPACITY = 8;

it('counts readable and writable slots, seen alike by both sides', () => {
  const buffer = new SharedArrayBuffer(RingPositions.BYTES);
  const writer = new RingPositions(buffer, CAPACITY);
  const reader = new RingPositions(buffer, CAPACITY);
  expect([reader.readable, writer.writable]).toEqual([0, CAPACITY]);
  writer.publish(CAPACITY);
  expect([reader.readable, writer.writable]).toEqual([CAPACITY, 0]);
  reader.release(3);
  expect([reader.readable, writer.writable]).toEqual([CAPACITY - 3, 3]);
});

it('counts correctly across the overflow of the 32-bit positions', () => {
  const buffer = new SharedArrayBuffer(RingPositions.BYTES);
  new Int32Array(buffer).fill(2 ** 31 - 2);
  const positions = new RingPositions(buffer, CAPACITY);
  positions.publish(5);
  expect(positions.written).toBeLessThan(0);
  expect([positions.readable, positions.writable]).toEqual([5, 3]);
  expect([0, 1, 2].map((n) => positions.slot((positions.read + n) | 0))).toEqual([6, 7, 0]);
  positions.release(5);
  expect(positions.readable).toBe(0);
});

it('waits only while nothing is readable', () => {
  const positions = new RingPositions(new SharedArrayBuffer(RingPositions.BYTES), CAPACITY);
  const start = performance.now();
  positions.wait(30);
  const empty = performance.now() - start;
  positions.publish(1);
  // Without a readable slot this would block until the test times out.
  positions.wait(60_000);
  expect(empty).toBeGreaterThan(20);
});

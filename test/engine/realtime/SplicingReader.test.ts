import { expect, it } from 'vitest';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { SplicingReader } from '../../../engine/realtime/SplicingReader.ts';

const LENGTH = 1000;
const FADE = 128;

/** Reader of a ring that holds 0, 1, 2 and so on. */
function rampReader(): SplicingReader {
  const ring = new SampleRing(SampleRing.allocate(LENGTH));
  ring.write(
    Float32Array.from({ length: LENGTH }, (_, n) => n),
    0,
    LENGTH,
  );
  return new SplicingReader(ring);
}

/** Reads `count` samples in blocks of `blockSamples`. */
function read(reader: SplicingReader, count: number, blockSamples = count): number[] {
  const block = new Float32Array(blockSamples);
  const samples: number[] = [];
  while (samples.length < count)
    samples.push(...block.subarray(0, reader.read(block, Math.min(blockSamples, count - samples.length))));
  return samples;
}

it.each([1, 50, 300])(
  'cross-fades linearly from the samples left out to those after a cut, in blocks of %i',
  (block) => {
    const reader = rampReader();
    expect(reader.cut(300)).toBe(300);
    read(reader, 300, block).forEach((sample, n) => {
      const weight = Math.min(1, (n + 1) / (FADE + 1));
      expect(sample).toBeCloseTo(n + 300 * weight, 3);
    });
    expect(reader.readPosition).toBe(600);
  },
);

it('cross-fades each channel of a ring with several', () => {
  const ring = new SampleRing(SampleRing.allocate(LENGTH, 2));
  ring.write(
    Float32Array.from({ length: 2 * LENGTH }, (_, index) => (index % 2 === 0 ? 1 : -1) * Math.floor(index / 2)),
    0,
    LENGTH,
  );
  const reader = new SplicingReader(ring);
  reader.cut(300);
  const frames = new Float32Array(2 * 200);
  for (let start = 0; start < 200; start += 50) {
    const block = new Float32Array(2 * 50);
    expect(reader.read(block, 50)).toBe(50);
    frames.set(block, 2 * start);
  }
  for (let n = 0; n < 200; n++) {
    const expected = n + 300 * Math.min(1, (n + 1) / (FADE + 1));
    expect(frames[2 * n]).toBeCloseTo(expected, 3);
    expect(frames[2 * n + 1]).toBeCloseTo(-expected, 3);
  }
});

it('skips without a cross-fade', () => {
  const reader = rampReader();
  reader.skip(300);
  expect(read(reader, 3)).toEqual([300, 301, 302]);
});

it('cuts no more than the ring holds, and nothing for a count of 0 or less', () => {
  const reader = rampReader();
  expect(reader.cut(0)).toBe(0);
  expect(reader.cut(-5)).toBe(0);
  expect(reader.cut(2 * LENGTH)).toBe(LENGTH);
  expect(reader.readable).toBe(0);
});

it('drops the cross-fade when it changes to another ring', () => {
  const reader = rampReader();
  reader.cut(300);
  const other = new SampleRing(SampleRing.allocate(4));
  other.write(Float32Array.of(7, 8), 0, 2);
  reader.connect(other);
  expect(read(reader, 2)).toEqual([7, 8]);
});

it.each([40, 80, 110, 480])('writes nothing into the shared ring, with %i samples left after a cut', (left) => {
  const ring = new SampleRing(SampleRing.allocate(LENGTH));
  const ramp = Float32Array.from({ length: LENGTH }, (_, n) => n);
  ring.write(ramp, 0, LENGTH);
  const readPosition = 1;
  const before = new Int32Array(ring.buffer.slice(0));
  const reader = new SplicingReader(ring);
  reader.cut(LENGTH - left);
  expect(read(reader, left, 32)).toHaveLength(left);
  const after = new Int32Array(ring.buffer.slice(0));
  // The read position is the reader's own; everything else is the writer's.
  const changed = [...after.keys()].filter((word) => after[word] !== before[word]);
  expect(changed).toEqual([readPosition]);
});

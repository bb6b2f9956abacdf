import { expect, it } from 'vitest';
import { type CorrectedSegment, soloPassages } from '../../../engine/diarization/soloPassages.ts';

const SECONDS = 20;
const segment = (voice: number, start: number, end: number, certainty: number | null = 0.95): CorrectedSegment => ({
  voice,
  startSeconds: start,
  endSeconds: end,
  certainty,
});
/** Solo passages of each voice; start and end in tenths of a second. */
const tenths = (segments: readonly CorrectedSegment[], overlap: Float32Array | null = null) =>
  soloPassages(
    segments,
    2,
    SECONDS,
    overlap,
  )(null).map((passages) =>
    passages.map(({ startSeconds, endSeconds }) => [Math.round(10 * startSeconds), Math.round(10 * endSeconds)]),
  );

it('a voice is alone where no other one has a segment, 0.3 s away from it', () => {
  expect(tenths([segment(0, 0, 5), segment(1, 5, 10), segment(0, 8, 15)])).toEqual([
    [
      [0, 47],
      [103, 150],
    ],
    [[53, 77]],
  ]);
});

it('an uncertain segment counts only if the user has changed it', () => {
  expect(tenths([segment(0, 0, 5, 0.5), segment(1, 10, 15)])).toEqual([[], [[100, 150]]]);
  expect(tenths([segment(0, 0, 5, null), segment(1, 10, 15)])).toEqual([[[0, 50]], [[100, 150]]]);
});

it('where several voices are likely nobody is alone, whatever the user states', () => {
  const overlap = new Float32Array(200).fill(0.9, 0, 30);
  const [[first]] = tenths([segment(0, 0, 5, null), segment(1, 10, 15)], overlap) as [number[][], number[][]];
  expect(first![0]).toBeGreaterThanOrEqual(30);
  expect(first![1]).toBe(50);
});

it('without segments nobody is alone', () => {
  expect(tenths([])).toEqual([[], []]);
});

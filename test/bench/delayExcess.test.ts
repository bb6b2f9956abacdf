import { expect, it } from 'vitest';
import { delayExcess, excessText } from './delayExcess.ts';

const at = (...delays: (number | null)[]) =>
  delays.map((milliseconds, n) => ({ seconds: n, delaySeconds: milliseconds === null ? null : milliseconds / 1000 }));

it('a delay up to a block above the target is no excess', () => {
  const excess = delayExcess(at(60, 64, 55, 64.4), 0.06, 0.1);
  expect(excess).toEqual({ largestSeconds: 0, longestSeconds: 0, totalSeconds: 0 });
  expect(excessText(excess)).toBe('none');
});

it('states the largest excess, the longest time without a return, and the total time', () => {
  const excess = delayExcess(at(60, 70, 74, null, 66, 60, 65), 0.06, 0.1);
  expect(excess.largestSeconds).toBeCloseTo(0.014, 9);
  expect(excess.longestSeconds).toBeCloseTo(0.2, 9);
  expect(excess.totalSeconds).toBeCloseTo(0.4, 9);
  expect(excessText(excess)).toBe('14 ms, for at most 0.20 s at a time, 0.40 s in all');
});

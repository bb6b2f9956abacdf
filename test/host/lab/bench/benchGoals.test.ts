import { expect, it } from 'vitest';
import { benchGoals } from '../../../../host/lab/bench/benchGoals.ts';
import type { KernelTimings } from '../../../../host/lab/bench/kernelBench.ts';

const speed = {
  variant: 'simd',
  bins: 1025,
  templates: 128,
  iterations: 30,
  microsecondsPerFrame: { one: 500, four: 400 },
  gigaflops: { one: 20, four: 30, peak: 40 },
  shareOfPeak: { one: 0.5, four: 0.95 },
  timesAsFastAs: { tiledJavaScript: 8, textbookJavaScript: 30, tensorflowWasm: 1.9 },
} as const;
const counted = {
  bins: 513,
  templates: 128,
  frames: 100,
  iterations: { median: 20, p90: 26 },
  multiplicativeUpdates: { median: 75, p90: 100 },
  adaptive: { meanIterations: 14, meanGap: 0.01, p90Gap: 0.02 },
};
const reached = (realTimeFactor: number, kernel: Pick<KernelTimings, 'solver' | 'iterations'>) =>
  benchGoals([{ realTimeFactor }, { realTimeFactor: 1 }], kernel).map(({ isReached }) => isReached);

it('a goal is reached by an equal figure and missed by a worse one', () => {
  const kernel = { solver: [speed], iterations: [counted] };
  expect(reached(20, kernel)).toEqual([true, false, true, true, false, true, false]);
  expect(reached(19.9, kernel)[0]).toBe(false);
});

it('a goal without a figure is neither reached nor missed', () => {
  const timesAsFastAs = { ...speed.timesAsFastAs, tensorflowWasm: null };
  const kernel = { solver: [{ ...speed, variant: 'javascript', timesAsFastAs } as const], iterations: [] };
  expect(reached(25, kernel)).toEqual([true, null, null, true, null, null, null]);
});

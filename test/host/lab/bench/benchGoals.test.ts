import { expect, it } from 'vitest';
import { benchGoals } from '../../../../host/lab/bench/benchGoals.ts';
import type { KernelTimings } from '../../../../host/lab/bench/kernelBench.ts';
import { KERNEL_TIMINGS } from './kernelTimings.ts';

const { solver, iterations } = KERNEL_TIMINGS;
const reached = (realTimeFactor: number, kernel: Pick<KernelTimings, 'solver' | 'iterations'>) =>
  benchGoals([{ realTimeFactor }, { realTimeFactor: 1 }], kernel).map(({ isReached }) => isReached);

it('a goal is reached by an equal figure and missed by a worse one', () => {
  const kernel = { solver, iterations };
  expect(reached(20, kernel)).toEqual([true, false, true, true, false, true, false]);
  expect(reached(19.9, kernel)[0]).toBe(false);
});

it('a goal without a figure is neither reached nor missed', () => {
  const [speed] = solver;
  const timesAsFastAs = { ...speed!.timesAsFastAs, tensorflowWasm: null };
  const kernel = { solver: [{ ...speed!, variant: 'javascript', timesAsFastAs } as const], iterations: [] };
  expect(reached(25, kernel)).toEqual([true, null, null, true, null, null, null]);
});

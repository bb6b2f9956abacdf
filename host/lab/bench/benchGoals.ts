import type { KernelTimings } from './kernelBench.ts';
import type { SeparatorTiming } from './separatorBench.ts';

/** A performance goal of the engine, and the figure measured on this machine. */
export interface BenchGoal {
  readonly name: string;
  /** null if it could not be measured because tfjs or WebAssembly does not load. */
  readonly figure: number | null;
  readonly goal: number;
  readonly isBetter: 'more' | 'less';
  /** null without a figure. */
  readonly isReached: boolean | null;
}

/** Shape of the kernel's goals. */
const BINS = 1025;
const TEMPLATES = 128;

/**
 * @param separator the speaker set that runs by default first
 * @param kernel with the shape 1025 x 128 among its solvers, and the mixture of the goal first
 */
export function benchGoals(
  separator: readonly Pick<SeparatorTiming, 'realTimeFactor'>[],
  { solver, iterations }: Pick<KernelTimings, 'solver' | 'iterations'>,
): BenchGoal[] {
  const speed = solver.find(({ bins, templates }) => bins === BINS && templates === TEMPLATES);
  // There is no peak loop without WebAssembly.
  const share = speed?.variant === 'javascript' ? null : speed?.shareOfPeak;
  const needed = iterations[0]?.iterations;
  return [
    goal('separator with the default voices, times real time', separator[0]?.realTimeFactor, 'more', 20),
    goal('solver, share of the multiply+add peak, one frame', share?.one, 'more', 0.65),
    goal('solver, share of the multiply+add peak, four frames', share?.four, 'more', 0.9),
    goal('solver, times as fast as tiled JavaScript, one frame', speed?.timesAsFastAs.tiledJavaScript, 'more', 8),
    goal('solver, times as fast as tfjs on wasm', speed?.timesAsFastAs.tensorflowWasm, 'more', 2),
    goal('iterations to a 1 % gap, median', needed?.median, 'less', 20),
    goal('iterations to a 1 % gap, p90', needed?.p90, 'less', 25),
  ];
}

function goal(
  name: string,
  measured: number | null | undefined,
  isBetter: BenchGoal['isBetter'],
  wanted: number,
): BenchGoal {
  const figure = measured ?? null;
  const isReached = figure === null ? null : isBetter === 'more' ? figure >= wanted : figure <= wanted;
  return { name, figure, goal: wanted, isBetter, isReached };
}

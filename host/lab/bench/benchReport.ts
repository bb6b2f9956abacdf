import { cpus, loadavg } from 'node:os';
import { Kernel, type KernelVariant } from '../../../engine/kernel/Kernel.ts';
import { type BenchGoal, benchGoals } from './benchGoals.ts';
import { readDemoMixture } from './demoMixture.ts';
import { type KernelTimings, measureKernel } from './kernelBench.ts';
import { BASE_SIZE, measureSeparator, type SeparatorTiming } from './separatorBench.ts';
import { measureStages, type StageTimings } from './stageTimings.ts';

export interface BenchMachine {
  readonly processor: string;
  readonly cores: number;
  /** Load average of the last minute. If it exceeds the number of cores, wall-clock times are too long. */
  readonly load: number;
  readonly platform: string;
  readonly node: string;
  readonly kernel: KernelVariant;
}

export interface BenchReport {
  readonly machine: BenchMachine;
  readonly goals: readonly BenchGoal[];
  /** The first has the settings of the goal. */
  readonly separator: readonly SeparatorTiming[];
  /** Measured with the settings of the goal. */
  readonly stages: StageTimings;
  /** The same with unmerged bins and the goal's fixed number of iterations, to show what merging and early stopping save. */
  readonly unmergedStages: StageTimings;
  readonly kernel: KernelTimings;
  /** Duration of the whole measurement. */
  readonly seconds: number;
}

/** Goal: iterations in which nine of ten frames reach a gap of 1 %. */
const UNMERGED_ITERATIONS = 25;

/**
 * Runs all measurements on one core, in less than a minute.
 * @param onProgress called with the fraction done, 0 to 1; may throw to cancel
 */
export async function measureEngine(onProgress: (fraction: number) => void): Promise<BenchReport> {
  const start = performance.now();
  const [load] = loadavg() as [number, number, number];
  const mixture = await readDemoMixture();
  const separator = await measureSeparator((fraction) => onProgress(0.2 * fraction));
  onProgress(0.2);
  const stages = measureStages(BASE_SIZE);
  const unmergedStages = measureStages(BASE_SIZE, { isMerged: false, iterations: UNMERGED_ITERATIONS });
  const kernel = await measureKernel([mixture.bins, mixture.bands], (fraction) => onProgress(0.25 + 0.75 * fraction));
  return {
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      load,
      platform: `${process.platform} ${process.arch}`,
      node: process.version,
      kernel: Kernel.bestVariant(),
    },
    goals: benchGoals(separator[0]!, kernel),
    separator,
    stages,
    unmergedStages,
    kernel,
    seconds: (performance.now() - start) / 1000,
  };
}

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
  /** Programs that wanted a core in the minute before; above the number of cores, the clock's times are too long. */
  readonly load: number;
  readonly platform: string;
  readonly node: string;
  readonly kernel: KernelVariant;
}

export interface BenchReport {
  readonly machine: BenchMachine;
  readonly goals: readonly BenchGoal[];
  /** The first is the setting of the goal. */
  readonly separator: readonly SeparatorTiming[];
  /** Of the same setting. */
  readonly stages: StageTimings;
  /** The same with every bin by itself and the iterations of the goal: what merging bins and stopping early save. */
  readonly unmergedStages: StageTimings;
  readonly kernel: KernelTimings;
  /** Of the whole measurement. */
  readonly seconds: number;
}

/** Within which nine frames of ten should come to a 1 % gap. */
const UNMERGED_ITERATIONS = 25;

/**
 * Measures everything, on one core, in less than a minute.
 * @param onProgress called now and then with the share that is done, 0 to 1; what it throws ends the measurement
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

import { cpus, loadavg } from 'node:os';
import { Kernel, type KernelVariant } from '../../../engine/kernel/Kernel.ts';
import { loadBenchCases } from './benchCases.ts';
import { type BenchGoal, benchGoals } from './benchGoals.ts';
import { readDemoMixture } from './demoMixture.ts';
import { type KernelTimings, measureKernel } from './kernelBench.ts';
import { measureSeparator, type SeparatorTiming } from './separatorBench.ts';
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
  /** The first is the speaker set that runs by default. */
  readonly separator: readonly SeparatorTiming[];
  /** Of the speaker set that runs by default. */
  readonly stages: StageTimings;
  readonly kernel: KernelTimings;
  /** Duration of the whole measurement. */
  readonly seconds: number;
}

/**
 * Runs all measurements on one core, in about a minute.
 * @param onProgress called with the fraction done, 0 to 1; may throw to cancel
 */
export async function measureEngine(onProgress: (fraction: number) => void): Promise<BenchReport> {
  const start = performance.now();
  const [load] = loadavg() as [number, number, number];
  const mixture = await readDemoMixture();
  const cases = await loadBenchCases();
  const [usual] = cases;
  if (usual === undefined) throw new Error('there is no bench case');
  const separator = await measureSeparator(cases, (fraction) => onProgress(0.2 * fraction));
  onProgress(0.2);
  const stages = measureStages(usual);
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
    goals: benchGoals(separator, kernel),
    separator,
    stages,
    kernel,
    seconds: (performance.now() - start) / 1000,
  };
}

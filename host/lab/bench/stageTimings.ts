import { mergeBins } from '../../../engine/separator/FrequencyBands.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { STAGES, type Stage } from '../../../engine/separator/StageProbe.ts';
import { type BenchCase, hopAt } from './benchCases.ts';
import { quantile } from './interleavedMedians.ts';
import { StageClock } from './StageClock.ts';

/** Microseconds per hop. */
export interface StageTiming {
  readonly p50: number;
  readonly p99: number;
}

export interface StageTimings {
  readonly bins: number;
  /** Bands at the solver's input. */
  readonly bands: number;
  /** Mean solver iterations per frame. */
  readonly iterations: number;
  /** Only the stages that the speaker set has. */
  readonly stages: Readonly<Partial<Record<Stage, StageTiming>>>;
  /** All stages of a hop together. */
  readonly whole: StageTiming;
}

const WARM_UP_HOPS = 200;
const MEASURED_HOPS = 1500;

/** Times each stage of the separator by a probe, in elapsed time. */
export function measureStages({ speakerSet, hops }: BenchCase): StageTimings {
  const { bins, plan, speakers } = speakerSet;
  const clock = new StageClock();
  const separator = new Separator(speakerSet, { probe: clock });
  const outputs = { speakers: speakers.map(() => new Float32Array(plan.hopSamples)) };
  const times = new Map(STAGES.map((stage) => [stage, [] as number[]]));
  const wholes: number[] = [];
  let iterations = 0;
  for (let hop = 0; hop < WARM_UP_HOPS + MEASURED_HOPS; hop++) {
    const input = hopAt(hops, hop);
    const start = performance.now();
    clock.start();
    separator.process(input, outputs);
    const end = performance.now();
    if (hop < WARM_UP_HOPS) continue;
    iterations += separator.telemetry.iterations;
    wholes.push(1000 * (end - start));
    for (const [stage, microseconds] of times) microseconds.push(1000 * clock.milliseconds[stage]);
  }
  const present = [...times].filter(([, microseconds]) => !microseconds.some(Number.isNaN));
  return {
    bins,
    bands: mergeBins(bins, plan.sampleRateHertz / plan.windowSamples).weights.length,
    iterations: iterations / wholes.length,
    stages: Object.fromEntries(present.map(([stage, microseconds]) => [stage, timingOf(microseconds)])),
    whole: timingOf(wholes),
  };
}

function timingOf(microseconds: readonly number[]): StageTiming {
  return { p50: quantile(microseconds, 0.5), p99: quantile(microseconds, 0.99) };
}

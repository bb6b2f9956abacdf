import { quantile } from './interleavedMedians.ts';
import { noiseSpeakerSet, SAMPLE_RATE_HERTZ, type SpeakerSetSize } from './noiseSpeakerSet.ts';
import { type Solving, StagedSeparation } from './StagedSeparation.ts';

/** Microseconds per hop. */
export interface StageTiming {
  readonly p50: number;
  readonly p99: number;
}

export interface StageTimings extends SpeakerSetSize {
  readonly bins: number;
  /** Bands at the solver's input; equals `bins` if they are not merged. */
  readonly bands: number;
  /** Mean solver iterations per frame. */
  readonly iterations: number;
  /** Duration of a hop over the median time to process it. */
  readonly realTimeFactor: number;
  readonly windowAndFft: StageTiming;
  readonly solver: StageTiming;
  readonly modelsAndMask: StageTiming;
  readonly inverseFftAndOverlapAdd: StageTiming;
  /** All stages of a hop together. */
  readonly whole: StageTiming;
}

const WARM_UP_HOPS = 200;
const MEASURED_HOPS = 1500;

/** Times each stage of a hop separately, with noise at 48 kHz. */
export function measureStages(size: SpeakerSetSize, solving?: Solving): StageTimings {
  const { speakerSet, hops } = noiseSpeakerSet(size);
  const separation = new StagedSeparation(speakerSet, solving);
  const times = Array.from({ length: 5 }, () => [] as number[]);
  let iterations = 0;
  for (let hop = -WARM_UP_HOPS; hop < MEASURED_HOPS; hop++) {
    const input = hops[(hop + WARM_UP_HOPS) % hops.length]!;
    const start = performance.now();
    separation.analyse(input);
    const analysed = performance.now();
    separation.solve();
    const solved = performance.now();
    separation.divide();
    const divided = performance.now();
    separation.synthesize();
    const end = performance.now();
    if (hop < 0) continue;
    iterations += separation.iterations;
    const stages = [analysed - start, solved - analysed, divided - solved, end - divided, end - start];
    stages.forEach((milliseconds, stage) => {
      times[stage]!.push(1000 * milliseconds);
    });
  }
  const [windowAndFft, solver, modelsAndMask, inverseFftAndOverlapAdd, whole] = times.map((microseconds) => ({
    p50: quantile(microseconds, 0.5),
    p99: quantile(microseconds, 0.99),
  })) as [StageTiming, StageTiming, StageTiming, StageTiming, StageTiming];
  return {
    ...size,
    bins: speakerSet.bins,
    bands: separation.bands,
    iterations: iterations / MEASURED_HOPS,
    realTimeFactor: speakerSet.plan.hopSamples / SAMPLE_RATE_HERTZ / (whole.p50 / 1e6),
    windowAndFft,
    solver,
    modelsAndMask,
    inverseFftAndOverlapAdd,
    whole,
  };
}

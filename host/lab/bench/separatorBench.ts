import type { Hertz, Samples } from '../../../engine/core/units.ts';
import { Separator, type SeparatorOutputs } from '../../../engine/separator/Separator.ts';
import type { LatencyMode } from '../../../engine/stft/StftPlan.ts';
import { type BenchCase, hopAt } from './benchCases.ts';
import { median, quantile } from './interleavedMedians.ts';

export interface SeparatorTiming {
  readonly voices: string;
  readonly signal: string;
  readonly latency: LatencyMode;
  readonly speakers: number;
  /** Total of all speakers, with the frequency-scaled copies. */
  readonly templates: number;
  readonly windowSamples: Samples;
  readonly hopSamples: Samples;
  readonly sampleRateHertz: Hertz;
  /** Mean solver iterations per frame. */
  readonly iterations: number;
  /** Seconds of sound per second of processor time, median of rounds. */
  readonly realTimeFactor: number;
  /** Wall-clock time, including interruptions by other programs. */
  readonly microsecondsPerHop: { readonly p50: number; readonly p99: number };
}

/** Hops of a case that are timed at once: 0.4 s of sound in Monitor. */
const HOPS_PER_ROUND = 50;
const ROUNDS = 15;

/**
 * Times the separator on one core. The cases take turns, so that a slower phase of the machine affects all of them.
 * @param onRound called before each round with the fraction done, 0 to 1
 */
export async function measureSeparator(
  cases: readonly BenchCase[],
  onRound: (fraction: number) => void,
): Promise<SeparatorTiming[]> {
  const runs = cases.map((each) => new TimedSeparator(each));
  for (const run of runs) run.warmUp();
  for (let round = 0; round < ROUNDS; round++) {
    onRound(round / ROUNDS);
    // Lets the event loop draw progress and handle Ctrl-C.
    await new Promise((resolve) => setImmediate(resolve));
    for (const run of runs) run.round();
  }
  return runs.map((run) => run.timing());
}

/** A separator and the times of its rounds. */
class TimedSeparator {
  private readonly benchCase: BenchCase;
  private readonly separator: Separator;
  private readonly outputs: SeparatorOutputs;
  private hops = 0;
  private iterations = 0;
  /** Processor time of each round. */
  private readonly roundMicroseconds: number[] = [];
  /** Wall-clock time of each hop. */
  private readonly hopMicroseconds: number[] = [];

  constructor(benchCase: BenchCase) {
    const { speakers, plan } = benchCase.speakerSet;
    this.benchCase = benchCase;
    this.separator = new Separator(benchCase.speakerSet);
    this.outputs = {
      speakers: speakers.map(() => new Float32Array(plan.hopSamples)),
      rest: new Float32Array(plan.hopSamples),
    };
  }

  /** Unmeasured rounds in which the compiler finishes. */
  warmUp(): void {
    for (let hop = 0; hop < 3 * HOPS_PER_ROUND; hop++) this.processHop();
  }

  round(): void {
    const processorStart = process.cpuUsage();
    for (let hop = 0; hop < HOPS_PER_ROUND; hop++) {
      const start = performance.now();
      this.processHop();
      this.hopMicroseconds.push(1000 * (performance.now() - start));
      this.iterations += this.separator.telemetry.iterations;
    }
    const { user, system } = process.cpuUsage(processorStart);
    this.roundMicroseconds.push(user + system);
  }

  timing(): SeparatorTiming {
    const { voices, signal, latency, speakerSet } = this.benchCase;
    const { hopSamples, windowSamples, sampleRateHertz } = speakerSet.plan;
    return {
      voices,
      signal,
      latency,
      speakers: speakerSet.speakers.length,
      templates: speakerSet.speakers.reduce((sum, { templates }) => sum + templates, 0),
      windowSamples,
      hopSamples,
      sampleRateHertz,
      iterations: this.iterations / this.hopMicroseconds.length,
      realTimeFactor: ((HOPS_PER_ROUND * hopSamples) / sampleRateHertz / median(this.roundMicroseconds)) * 1e6,
      microsecondsPerHop: { p50: quantile(this.hopMicroseconds, 0.5), p99: quantile(this.hopMicroseconds, 0.99) },
    };
  }

  private processHop(): void {
    this.separator.process(hopAt(this.benchCase.hops, this.hops++), this.outputs);
  }
}

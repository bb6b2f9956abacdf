import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { EngineProgress } from './DryFallback.ts';
import type { DryHistory } from './DryHistory.ts';
import type { MetricsSnapshot, SharedMetrics } from './SharedMetrics.ts';

/** Shared memory of a running engine that its stream positions are computed from. */
export interface EngineMemory {
  readonly input: SampleRing;
  readonly metrics: SharedMetrics;
}

/** A new engine is slow until its code has been compiled. */
const WARM_UP_SECONDS: Seconds = 2;

/** Maps positions in the engine's output to positions in the input, from the engine's rings and metrics. @thread device */
export class StreamPositionMap implements EngineProgress {
  private readonly history: DryHistory;
  private engine: EngineMemory;
  private readonly warmUpSamples: Samples;
  private first: Samples = 0;

  constructor(history: DryHistory, engine: EngineMemory, sampleRateHertz: Hertz) {
    this.history = history;
    this.warmUpSamples = WARM_UP_SECONDS * sampleRateHertz;
    this.engine = engine;
  }

  /** Another engine receives the input from now on. */
  follow(engine: EngineMemory): void {
    this.engine = engine;
    this.first = this.history.writtenPosition;
  }

  get firstPosition(): Samples {
    return this.first;
  }

  get backlogSamples(): Samples {
    return this.engine.input.readable;
  }

  get isStruggling(): boolean {
    const metrics = this.engine.metrics.read();
    return metrics.get('overloadLevel') > 0 || metrics.get('samples') < this.warmUpSamples;
  }

  inputPositionAt(outputPosition: number): Samples {
    const metrics = this.engine.metrics.read();
    return this.history.writtenPosition - this.queued(outputPosition, metrics) - metrics.get('latencySamples');
  }

  /** Input samples that have arrived since the one that belongs to `outputPosition`, without the latency of the separation. */
  queuedSamplesAt(outputPosition: number): Samples {
    return this.queued(outputPosition, this.engine.metrics.read());
  }

  private queued(outputPosition: number, metrics: MetricsSnapshot): Samples {
    const missing = metrics.get('droppedSamples') + metrics.get('shortenedSamples');
    return ((this.engine.input.writtenPosition - outputPosition) | 0) - missing;
  }
}

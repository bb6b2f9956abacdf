import type { SampleRing } from '../core/SampleRing.ts';
import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { StreamPosition } from './DryFallback.ts';
import type { DryHistory } from './DryHistory.ts';
import type { SharedMetrics } from './SharedMetrics.ts';

/** The parts of a running engine that tell which input its output belongs to. */
export interface EngineMemory {
  readonly input: SampleRing;
  readonly board: SharedMetrics;
}

/** A new engine is slow until it has been compiled. */
const WARM_UP_SECONDS: Seconds = 2;

/** Which input an engine's output belongs to, as its rings and its board tell. @thread the devices' */
export class StreamPositionMap implements StreamPosition {
  private readonly history: DryHistory;
  private engine: EngineMemory;
  private readonly warmUpSamples: Samples;
  private first: Samples = 0;

  constructor(history: DryHistory, engine: EngineMemory, sampleRateHertz: Hertz) {
    this.history = history;
    this.warmUpSamples = WARM_UP_SECONDS * sampleRateHertz;
    this.engine = engine;
  }

  /** Another engine hears the input from now on. */
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
    const { board } = this.engine;
    return board.get('overloadLevel') > 0 || board.get('samples') < this.warmUpSamples;
  }

  inputPositionAt(outputPosition: number): Samples {
    const { input, board } = this.engine;
    const shift = board.get('droppedSamples') + board.get('shortenedSamples') - board.get('latencySamples');
    return this.history.writtenPosition + ((outputPosition - input.writtenPosition) | 0) + shift;
  }
}

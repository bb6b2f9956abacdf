import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import type { EngineThread } from '../thread/EngineThread.ts';
import type { EngineClock } from './Detour.ts';
import type { InputHistory } from './InputHistory.ts';

/** A new engine is slow until it has been compiled. */
const WARM_UP_SECONDS: Seconds = 2;

/** Which input an engine's output belongs to, as its rings and its board tell. @thread the devices' */
export class EngineTimeline implements EngineClock {
  private readonly history: InputHistory;
  private engine: EngineThread;
  private readonly warmUpSamples: Samples;
  private first: Samples = 0;

  constructor(history: InputHistory, engine: EngineThread, sampleRateHertz: Hertz) {
    this.history = history;
    this.warmUpSamples = WARM_UP_SECONDS * sampleRateHertz;
    this.engine = engine;
  }

  /** Another engine hears the input from now on. */
  follow(engine: EngineThread): void {
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

import type { Hertz, Samples, Seconds } from '../core/units.ts';
import { DriftEstimator } from './DriftEstimator.ts';

/** Averaging time of the delay in which drift is looked for: blocks arrive in bursts. */
const AVERAGING_SECONDS: Seconds = 1;
/** Sound servers move a delay by this much without any drift; playout need not follow. */
const JITTER_SECONDS: Seconds = 0.005;

/** Averages the delay of single blocks and estimates from it the drift between the engine's clock and the device's. */
export class DriftTracker {
  private readonly estimator: DriftEstimator;
  private delaySum = 0;
  private delayCount = 0;
  private seconds: Seconds = 0;

  constructor(engineRateHertz: Hertz) {
    this.estimator = new DriftEstimator(engineRateHertz, JITTER_SECONDS * engineRateHertz);
  }

  /** Relative change of the resampling ratio; 0 while no drift has been found. */
  get correction(): number {
    return this.estimator.correction;
  }

  /**
   * @param delay from input to output at this block, in samples of the engine's rate
   * @param duration of the block
   */
  add(delay: Samples, duration: Seconds): void {
    this.delaySum += delay;
    this.delayCount++;
    this.seconds += duration;
    if (this.seconds < AVERAGING_SECONDS) return;
    this.estimator.update(this.delaySum / this.delayCount, this.seconds);
    this.restartAverage();
  }

  /** The delay has been shortened by `samples` at once. */
  cut(samples: Samples): void {
    this.estimator.cut(samples);
    this.restartAverage();
  }

  /** The delay has changed for another reason than drift. */
  restart(): void {
    this.estimator.restart();
    this.restartAverage();
  }

  private restartAverage(): void {
    this.delaySum = 0;
    this.delayCount = 0;
    this.seconds = 0;
  }
}

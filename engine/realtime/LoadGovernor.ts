import type { Seconds } from '../core/units.ts';

/** Overload level: how far the engine has reduced its work to keep its delay. */
export type OverloadLevel = 'none' | 'fewer-iterations' | 'fewer-templates' | 'bypass';

/** From full work to none, in order of decreasing processing time. */
export const OVERLOAD_LEVELS: readonly OverloadLevel[] = ['none', 'fewer-iterations', 'fewer-templates', 'bypass'];

/** Longest input backlog without overload. */
const LARGEST_BACKLOG_SECONDS: Seconds = 0.025;
/** Average load above which the work is reduced, and below which more work is tried again. */
const PRESSING_LOAD = 0.8;
const EASY_LOAD = 0.35;
const AVERAGING_SECONDS: Seconds = 0.05;
/** Least time between two steps down: a step takes this long to show in the load. */
const STEP_SECONDS: Seconds = 0.06;
/** Time without pressure before more work is tried. Doubles each time that fails, so that a busy machine is not tested constantly. */
const FIRST_PATIENCE_SECONDS: Seconds = 1;
const LONGEST_PATIENCE_SECONDS: Seconds = 16;
/** A trial of more work has failed if pressure returns within this time. */
const TRIAL_SECONDS: Seconds = 3;

/**
 * Chooses the overload level from the processing time of blocks and the input backlog. Measures time by the duration of the blocks,
 * without a clock.
 */
export class LoadGovernor {
  /** Current level, an index into `OVERLOAD_LEVELS`. */
  level = 0;
  private load = 0;
  private sinceStep: Seconds = STEP_SECONDS;
  private sincePressure: Seconds = 0;
  private sinceTrial: Seconds = Number.POSITIVE_INFINITY;
  private patience: Seconds = FIRST_PATIENCE_SECONDS;

  /**
   * @param duration of the block just processed
   * @param computing processing time of the block
   * @param backlog duration of the input that waits now
   * @returns whether the level has changed
   */
  update(duration: Seconds, computing: Seconds, backlog: Seconds): boolean {
    this.load += (computing / duration - this.load) * Math.min(1, duration / AVERAGING_SECONDS);
    this.sinceStep += duration;
    this.sincePressure += duration;
    this.sinceTrial += duration;
    const isPressed = backlog > LARGEST_BACKLOG_SECONDS || this.load > PRESSING_LOAD;
    if (isPressed) this.sincePressure = 0;
    if (isPressed && this.sinceStep >= STEP_SECONDS && this.level < OVERLOAD_LEVELS.length - 1) {
      const isFailedTrial = this.sinceTrial < TRIAL_SECONDS;
      this.patience = isFailedTrial ? Math.min(LONGEST_PATIENCE_SECONDS, 2 * this.patience) : FIRST_PATIENCE_SECONDS;
      this.sinceTrial = Number.POSITIVE_INFINITY;
      return this.step(1);
    }
    if (
      this.level > 0 &&
      this.load < EASY_LOAD &&
      this.sincePressure >= this.patience &&
      this.sinceStep >= this.patience
    ) {
      this.sinceTrial = 0;
      return this.step(-1);
    }
    return false;
  }

  private step(direction: 1 | -1): boolean {
    this.level += direction;
    this.sinceStep = 0;
    return true;
  }
}

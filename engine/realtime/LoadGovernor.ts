import type { Seconds } from '../core/units.ts';

/** How far the engine has reduced its work to keep its delay under load. */
export type OverloadLevel = 'none' | 'fewer-iterations' | 'fewer-templates' | 'bypass';

/** From all the work to none; each step costs less time than the one before. */
export const OVERLOAD_LEVELS: readonly OverloadLevel[] = ['none', 'fewer-iterations', 'fewer-templates', 'bypass'];

/** Sound that waits longer than this before the engine shows that the time does not suffice. */
const LARGEST_BACKLOG_SECONDS: Seconds = 0.025;
/** Load, averaged over some blocks, above which there is no reserve, and below which more work is tried again. */
const PRESSING_LOAD = 0.8;
const EASY_LOAD = 0.35;
const AVERAGING_SECONDS: Seconds = 0.05;
/** A step needs this long to show. */
const STEP_SECONDS: Seconds = 0.06;
/** Time without pressure before more work is tried; doubles each time that fails, so that a busy machine is not tried all the time. */
const FIRST_PATIENCE_SECONDS: Seconds = 1;
const LONGEST_PATIENCE_SECONDS: Seconds = 16;
/** More work has failed when pressure comes back within this time. */
const TRIAL_SECONDS: Seconds = 3;

/** Decides how much work the engine may do, from how long blocks take and how much sound waits. Knows no clock but the sound's own. */
export class LoadGovernor {
  /** Index into OVERLOAD_LEVELS. */
  level = 0;
  private load = 0;
  private sinceStep: Seconds = STEP_SECONDS;
  private sincePressure: Seconds = 0;
  private sinceTrial: Seconds = Number.POSITIVE_INFINITY;
  private patience: Seconds = FIRST_PATIENCE_SECONDS;

  /**
   * @param duration of the block that was just processed @param computing what it took @param backlog sound that waits now
   * @returns true where the level has changed
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

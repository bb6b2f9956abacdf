import type { Hertz, Samples, Seconds } from '../core/units.ts';

/** The queue's least fill over this time is compared with the reserve: what is always left is delay for nothing. */
const WATCH_SECONDS: Seconds = 0.1;
/** What waits longer than this beyond the reserve is cut at once; where the engine has no time, longer than a block: it was the cause. */
const LATE_SECONDS: Seconds = 0.02;
/** What is less, and there all over this time, is cut as well. */
const LASTING_SECONDS: Seconds = 4;
/** The fill is known to a block only: one or two too many may be drift, more are sound that came late. */
const LASTING_BLOCKS = 2.5;
/** After a gap the reserve grows by this factor, at least by this much; after a long time without, it shrinks. */
const GROWTH = 1.5;
const LEAST_GROWTH_SECONDS: Seconds = 0.0025;
const DECAY = 0.8;
const DECAY_AFTER_SECONDS: Seconds = 10;
/** What is later than this is better left out than waited for: the delay must not grow with every load. */
const LARGEST_SECONDS: Seconds = 0.024;

/**
 * How much sound should be left waiting when a loudspeaker has taken its block, as a reserve against late ones, and how much waits for
 * nothing. Knows no clock but the sound's own.
 * @thread the devices'. Allocates nothing.
 */
export class TargetFill {
  /** At the engine's rate. */
  samples: Samples;
  private readonly leastSamples: Samples;
  private readonly rateHertz: Hertz;
  private leastFill = Number.POSITIVE_INFINITY;
  private watchedSeconds: Seconds = 0;
  private secondsSinceGap: Seconds = 0;
  /** Since sound was cut last: over LASTING_SECONDS. */
  private leastSurplus = Number.POSITIVE_INFINITY;
  private surplusSeconds: Seconds = 0;

  /** @param leastSamples it begins with, and comes back to @param rateHertz the engine's */
  constructor(leastSamples: Samples, rateHertz: Hertz) {
    this.samples = leastSamples;
    this.leastSamples = leastSamples;
    this.rateHertz = rateHertz;
  }

  /** Whether a larger reserve could ever have bridged a gap of so much. */
  couldBridge(gapSamples: Samples): boolean {
    return gapSamples <= LARGEST_SECONDS * this.rateHertz;
  }

  /** After a gap. */
  grow(): void {
    const largest = LARGEST_SECONDS * this.rateHertz;
    const grown = Math.max(this.samples * GROWTH, this.samples + LEAST_GROWTH_SECONDS * this.rateHertz);
    this.samples = Math.min(largest, grown);
    this.secondsSinceGap = 0;
  }

  /**
   * A block was taken.
   * @param seconds it lasts @param block its samples, and @param left what is left in the queue, at the engine's rate
   * @param isStruggling the engine has no time
   * @returns what should be left out of the queue now, mostly 0
   */
  watch(seconds: Seconds, block: Samples, left: Samples, isStruggling: boolean): Samples {
    this.leastFill = Math.min(this.leastFill, left);
    this.watchedSeconds += seconds;
    this.secondsSinceGap += seconds;
    if (this.watchedSeconds < WATCH_SECONDS) return 0;
    // Grown for an engine that was late, not for the device.
    if (isStruggling) this.samples = this.leastSamples;
    const surplus = this.leastFill - this.samples;
    const excess = this.excess(surplus, block, isStruggling);
    if (this.secondsSinceGap > DECAY_AFTER_SECONDS) {
      this.samples = Math.max(this.leastSamples, this.samples * DECAY);
      this.secondsSinceGap = 0;
    }
    this.forgetFill();
    return excess;
  }

  /** The queue has been disturbed: what it held before says nothing. */
  forgetFill(): void {
    this.leastFill = Number.POSITIVE_INFINITY;
    this.watchedSeconds = 0;
  }

  /** Sound begins. */
  restart(): void {
    this.forgetFill();
    this.forgetSurplus();
  }

  private excess(surplus: Samples, block: Samples, isStruggling: boolean): Samples {
    this.leastSurplus = Math.min(this.leastSurplus, surplus);
    this.surplusSeconds += this.watchedSeconds;
    let excess: Samples = 0;
    if (surplus > (isStruggling ? block : LATE_SECONDS * this.rateHertz)) excess = surplus;
    else if (this.surplusSeconds < LASTING_SECONDS) return 0;
    else if (this.leastSurplus > LASTING_BLOCKS * block) excess = this.leastSurplus;
    this.forgetSurplus();
    return Math.floor(excess);
  }

  private forgetSurplus(): void {
    this.surplusSeconds = 0;
    this.leastSurplus = Number.POSITIVE_INFINITY;
  }
}

import type { Hertz, Samples, Seconds } from '../core/units.ts';

/** The least fill over this time is compared with the target: a surplus that never empties is unnecessary latency. */
const WATCH_SECONDS: Seconds = 0.1;
/** The same after the device has played silence, which leaves a surplus: longer than input blocks are late. */
const LOSS_WATCH_SECONDS: Seconds = 0.02;
/** A surplus above this is cut at once; while the engine is overloaded, which then caused it, a surplus of one block. */
const LATE_SECONDS: Seconds = 0.02;
/** A smaller surplus is cut once it has lasted this long. */
const LASTING_SECONDS: Seconds = 4;
/** Least lasting surplus that is cut. The fill is measured to one block: a surplus of one or two may be drift, a larger one is late sound. */
const LASTING_BLOCKS = 2.5;
/** Growth of the target after a gap: this factor, and at least this much. */
const GROWTH = 1.5;
const LEAST_GROWTH_SECONDS: Seconds = 0.0025;
/** Factor by which the target shrinks after a time without gaps. */
const DECAY = 0.8;
const DECAY_AFTER_SECONDS: Seconds = 10;
/** Largest target. Sound that arrives later than this is left out rather than waited for: the delay must not grow with the load. */
const LARGEST_SECONDS: Seconds = 0.024;

/**
 * Target fill of the playout queue: samples that should remain after a device block was taken, as a reserve against late blocks. Grows
 * after gaps, shrinks without them, and reports a surplus to cut. Measures time by the samples played, without a clock.
 * @thread device. Allocates nothing.
 */
export class TargetFill {
  /** Current target, at the engine's rate. */
  samples: Samples;
  private leastSamples: Samples;
  private readonly reserveSamples: Samples;
  private readonly rateHertz: Hertz;
  private leastFill = Number.POSITIVE_INFINITY;
  private watchedSeconds: Seconds = 0;
  private secondsSinceGap: Seconds = 0;
  /** Least surplus since the last cut, or over the last LASTING_SECONDS. */
  private leastSurplus = Number.POSITIVE_INFINITY;
  private surplusSeconds: Seconds = 0;
  /** Samples that the device has played as silence since the least fill was last compared. */
  private lostSamples: Samples = 0;

  /** @param leastSamples initial and smallest target @param rateHertz the engine's rate */
  constructor(leastSamples: Samples, rateHertz: Hertz) {
    this.samples = leastSamples;
    this.leastSamples = leastSamples;
    this.reserveSamples = leastSamples;
    this.rateHertz = rateHertz;
  }

  /**
   * Keeps half of the initial target on top of a block of the input device, whose phase relative to the output device slides with their
   * clocks.
   */
  allowFor(inputBlockSamples: Samples): void {
    this.leastSamples = Math.max(this.reserveSamples, inputBlockSamples + this.reserveSamples / 2);
    this.samples = Math.max(this.samples, this.leastSamples);
  }

  /** Whether a larger target could have bridged a gap of this length. */
  couldBridge(gapSamples: Samples): boolean {
    return gapSamples <= LARGEST_SECONDS * this.rateHertz;
  }

  /** Raises the target after a gap. */
  grow(): void {
    const largest = Math.max(this.leastSamples, LARGEST_SECONDS * this.rateHertz);
    const grown = Math.max(this.samples * GROWTH, this.samples + LEAST_GROWTH_SECONDS * this.rateHertz);
    this.samples = Math.min(largest, grown);
    this.secondsSinceGap = 0;
  }

  /** Takes back the growth, which does not help an engine that is late for want of processor time. */
  shrink(): void {
    this.samples = this.leastSamples;
  }

  /**
   * To be called after each block taken from the queue. Sample counts are at the engine's rate.
   * @param seconds duration of the block
   * @param block samples of the block
   * @param left samples that remain in the queue
   * @param isStruggling the engine is overloaded or new
   * @returns samples to cut from the queue now, mostly 0
   */
  watch(seconds: Seconds, block: Samples, left: Samples, isStruggling: boolean): Samples {
    this.leastFill = Math.min(this.leastFill, left);
    this.watchedSeconds += seconds;
    this.secondsSinceGap += seconds;
    if (this.watchedSeconds < (this.lostSamples > 0 ? LOSS_WATCH_SECONDS : WATCH_SECONDS)) return 0;
    if (isStruggling) this.shrink();
    const surplus = this.leastFill - this.samples;
    const excess =
      this.lostSamples > 0 ? this.excessAfterLoss(surplus, block) : this.excess(surplus, block, isStruggling);
    if (this.secondsSinceGap > DECAY_AFTER_SECONDS) {
      this.samples = Math.max(this.leastSamples, this.samples * DECAY);
      this.secondsSinceGap = 0;
    }
    this.restartFill();
    return excess;
  }

  /** The device has played silence in place of so many samples, at the engine's rate, which therefore still wait. */
  addLoss(samples: Samples): void {
    this.lostSamples += samples;
    this.restartFill();
  }

  /** Restarts the measurement of the least fill after the queue was disturbed. */
  restartFill(): void {
    this.leastFill = Number.POSITIVE_INFINITY;
    this.watchedSeconds = 0;
  }

  /** Restarts all measurements when playout begins. */
  restart(): void {
    this.lostSamples = 0;
    this.restartFill();
    this.restartSurplus();
  }

  private excess(surplus: Samples, block: Samples, isStruggling: boolean): Samples {
    this.leastSurplus = Math.min(this.leastSurplus, surplus);
    this.surplusSeconds += this.watchedSeconds;
    let excess: Samples = 0;
    if (surplus > (isStruggling ? block / 2 : LATE_SECONDS * this.rateHertz)) excess = surplus;
    else if (this.surplusSeconds < LASTING_SECONDS) return 0;
    else if (this.leastSurplus > LASTING_BLOCKS * block) excess = this.leastSurplus;
    this.restartSurplus();
    return Math.floor(excess);
  }

  /** Cuts at most what was lost and one block, since devices report a loss with an error of up to a block. */
  private excessAfterLoss(surplus: Samples, block: Samples): Samples {
    const excess = surplus > block / 2 ? Math.min(surplus, this.lostSamples + block) : 0;
    this.lostSamples = 0;
    this.restartSurplus();
    return Math.floor(excess);
  }

  private restartSurplus(): void {
    this.surplusSeconds = 0;
    this.leastSurplus = Number.POSITIVE_INFINITY;
  }
}

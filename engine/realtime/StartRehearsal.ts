import type { Hertz, Samples, Seconds } from '../core/units.ts';
import type { SplicingReader } from './SplicingReader.ts';

/** Duration of the rehearsal: blocks arrive in bursts, so a single look at the fill of the queue says little. */
const REHEARSAL_SECONDS: Seconds = 0.5;

/**
 * Decides when the first sound may be played. During the rehearsal samples are taken from the queue as if they were played, and the
 * least fill that remains is measured; afterwards playout starts once that fill reaches the target.
 */
export class StartRehearsal {
  private remainingSamples: Samples;
  private leastFill = Number.POSITIVE_INFINITY;
  /** Fraction of a sample that earlier blocks of the rehearsal have left, 0 to 1. */
  private fraction = 0;

  constructor(deviceRateHertz: Hertz) {
    this.remainingSamples = Math.round(REHEARSAL_SECONDS * deviceRateHertz);
  }

  /**
   * Called for every device block until it returns true.
   * @param needed samples of the queue that the block takes
   * @param frames length of the block at the device's rate
   * @param nominal exact duration of the block in samples of the queue
   * @returns whether playout may start with this block
   */
  isReady(queue: SplicingReader, needed: Samples, frames: Samples, nominal: number, targetFill: Samples): boolean {
    const fill = queue.readable;
    if (this.remainingSamples > 0) {
      // Rounded down for each block, a device at another rate would leave up to one sample a block behind, as delay.
      const taken = Math.floor(this.fraction + nominal);
      this.fraction += nominal - taken;
      queue.skip(taken);
      const isShort = fill < needed;
      this.leastFill = isShort ? Number.POSITIVE_INFINITY : Math.min(this.leastFill, fill - needed);
      if (!isShort) this.remainingSamples -= frames;
      return false;
    }
    if (this.leastFill >= targetFill) return fill >= needed;
    // Samples that are not taken now stay in the queue for good.
    this.leastFill += needed;
    return false;
  }

  /** Samples by which the least fill exceeds the target. */
  surplus(targetFill: Samples): Samples {
    return Math.floor(this.leastFill - targetFill);
  }
}

import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';

/** An error of the fill is corrected in about this time; slow enough that nobody hears the pitch move. */
const CORRECTION_SECONDS: Seconds = 10;
const INTEGRATION_SECONDS: Seconds = 60;
/** 0.1 % is two hundredths of a semitone, and ten times what clocks of sound cards are apart. */
const LARGEST_CORRECTION = 1e-3;

/**
 * Follows the drift of one clock against another by the fill of the queue between them: proportional and integral control.
 */
export class DriftControl {
  /** Relative change of the resampling ratio; exactly 0 while no drift has been found. */
  correction = 0;
  private integral = 0;
  private readonly rateHertz: Hertz;

  /** @param rateHertz of the samples in the queue */
  constructor(rateHertz: Hertz) {
    this.rateHertz = rateHertz;
  }

  /** @param surplus samples too many in the queue, 0 where it is near enough @param elapsed since the last call */
  update(surplus: Samples, elapsed: Seconds): void {
    const proportional = surplus / (CORRECTION_SECONDS * this.rateHertz);
    this.integral = limit(this.integral + (proportional * elapsed) / INTEGRATION_SECONDS);
    this.correction = limit(proportional + this.integral);
  }
}

function limit(correction: number): number {
  return Math.max(-LARGEST_CORRECTION, Math.min(LARGEST_CORRECTION, correction));
}

import type { Seconds } from '../../engine/core/units.ts';

/** Time between the arrival of the first frame and its sound: frames arrive every 50 ms, and are late by about as much now and then. */
const FIRST_LEAD_SECONDS: Seconds = 0.12;
/** A late frame raises the lead by this much, */
const LEAD_STEP_SECONDS: Seconds = 0.06;
/** up to here: later sound would no longer match the pictures. */
const LARGEST_LEAD_SECONDS: Seconds = 0.5;
/** Frames that would be heard this much later than necessary are left out: the clocks drift apart, or the page was suspended. */
const EXCESS_SECONDS: Seconds = 0.25;

/** Where a frame is placed on the clock of the audio context. */
export interface Placement {
  readonly startSeconds: Seconds;
  /** Whether it does not follow the frame before without a gap. */
  readonly isRestart: boolean;
}

/** Places frames that arrive over the network one after the other, a little later than they arrive. */
export class PlayoutSchedule {
  private leadSeconds = FIRST_LEAD_SECONDS;
  /** End of the latest frame; null: none has been placed. */
  private endSeconds: Seconds | null = null;
  private isShortening = false;

  /** Time from the arrival of a frame to its first sample, if it arrives now; 0 before the first frame. */
  delaySeconds(nowSeconds: Seconds): Seconds {
    return this.endSeconds === null ? 0 : Math.max(0, this.endSeconds - nowSeconds);
  }

  /** @returns null if the frame is to be left out */
  place(nowSeconds: Seconds, durationSeconds: Seconds): Placement | null {
    const { endSeconds } = this;
    if (endSeconds === null || endSeconds < nowSeconds) {
      if (endSeconds !== null) this.leadSeconds = Math.min(LARGEST_LEAD_SECONDS, this.leadSeconds + LEAD_STEP_SECONDS);
      return this.startAt(nowSeconds + this.leadSeconds, durationSeconds, true);
    }
    const leadSeconds = endSeconds - nowSeconds;
    if (leadSeconds > this.leadSeconds + EXCESS_SECONDS) this.isShortening = true;
    if (!this.isShortening) return this.startAt(endSeconds, durationSeconds, false);
    if (leadSeconds > this.leadSeconds) return null;
    this.isShortening = false;
    return this.startAt(endSeconds, durationSeconds, true);
  }

  private startAt(startSeconds: Seconds, durationSeconds: Seconds, isRestart: boolean): Placement {
    this.endSeconds = startSeconds + durationSeconds;
    return { startSeconds, isRestart };
  }
}

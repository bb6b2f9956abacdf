import type { Seconds } from '../../engine/core/units.ts';

/** As near as a hand can set two knobs alike: 3 of 127 steps. */
const NEAR = 0.024;
/** So long the host may take to tell of a move that was made here. */
const OWN_SECONDS: Seconds = 0.6;

/**
 * Soft takeover: a knob moves its fader only after it has met it, so that the sound never jumps to where the knob was left. Once met, the
 * fader follows until something else moves it: the mouse, another panel, a snapshot.
 */
export class Pickup {
  private position: number | null = null;
  /** Where this knob has put its fader, and when. */
  private given: number | null = null;
  private givenSeconds: Seconds = Number.NEGATIVE_INFINITY;

  /**
   * @param position of the knob, 0 to 1
   * @param travel of the fader as it is now, 0 to 1
   * @returns whether the fader follows
   */
  take(position: number, travel: number, nowSeconds: Seconds): boolean {
    const before = this.position;
    this.position = position;
    const isOwn =
      this.given !== null && (nowSeconds - this.givenSeconds < OWN_SECONDS || Math.abs(travel - this.given) <= NEAR);
    if (!isOwn && !hasMet(before, position, travel)) {
      this.given = null;
      return false;
    }
    this.given = position;
    this.givenSeconds = nowSeconds;
    return true;
  }
}

/** Near it, or gone past it by this move. */
function hasMet(before: number | null, position: number, travel: number): boolean {
  if (Math.abs(position - travel) <= NEAR) return true;
  return before !== null && (before - travel) * (position - travel) <= 0;
}

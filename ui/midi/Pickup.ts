import type { Seconds } from '../../engine/core/units.ts';

/** Tolerance for knob and fader to count as met: 3 of 127 steps, about what a hand can set. */
const NEAR = 0.024;
/** Longest time until the host's state reflects a move sent from here. */
const OWN_SECONDS: Seconds = 0.6;

/**
 * Soft takeover: a fader follows its knob only after the knob has reached the fader's position, so that levels never jump. It keeps
 * following until something else moves the fader: the mouse, another panel, a snapshot.
 */
export class Pickup {
  private position: number | null = null;
  /** Last travel that this knob has set, and the time. */
  private sent: number | null = null;
  private sentSeconds: Seconds = Number.NEGATIVE_INFINITY;

  /**
   * Handles a movement of the knob.
   * @param position new position of the knob, 0 to 1
   * @param travel current travel of the fader, 0 to 1
   * @returns whether the fader follows
   */
  move(position: number, travel: number, nowSeconds: Seconds): boolean {
    const before = this.position;
    this.position = position;
    const isOwn =
      this.sent !== null && (nowSeconds - this.sentSeconds < OWN_SECONDS || Math.abs(travel - this.sent) <= NEAR);
    if (!isOwn && !hasMet(before, position, travel)) {
      this.sent = null;
      return false;
    }
    this.sent = position;
    this.sentSeconds = nowSeconds;
    return true;
  }
}

/** Whether the knob is near the fader, or has passed it by this move. */
function hasMet(before: number | null, position: number, travel: number): boolean {
  if (Math.abs(position - travel) <= NEAR) return true;
  return before !== null && (before - travel) * (position - travel) <= 0;
}

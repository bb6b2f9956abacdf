import type { Seconds } from '../../engine/core/units.ts';

/** Token bucket: allows `burst` events at once and `perSecond` on average. */
export class RateLimit {
  private readonly burst: number;
  private readonly perSecond: number;
  private permits: number;
  private lastSeconds: Seconds | null = null;

  constructor(burst: number, perSecond: number) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.permits = burst;
  }

  /** Uses one permit if there is one. @returns whether the event is allowed */
  tryTake(nowSeconds: Seconds): boolean {
    const elapsedSeconds = Math.max(0, nowSeconds - (this.lastSeconds ?? nowSeconds));
    this.lastSeconds = nowSeconds;
    this.permits = Math.min(this.burst, this.permits + elapsedSeconds * this.perSecond);
    if (this.permits < 1) return false;
    this.permits--;
    return true;
  }
}

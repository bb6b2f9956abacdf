import type { Seconds } from '../../engine/core/units.ts';

/** A bucket of permits that refills steadily: so many at once, so many a second. */
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

  /** @returns whether one more is allowed now, and if so takes its permit */
  take(nowSeconds: Seconds): boolean {
    const elapsedSeconds = Math.max(0, nowSeconds - (this.lastSeconds ?? nowSeconds));
    this.lastSeconds = nowSeconds;
    this.permits = Math.min(this.burst, this.permits + elapsedSeconds * this.perSecond);
    if (this.permits < 1) return false;
    this.permits--;
    return true;
  }
}

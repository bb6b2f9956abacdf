import type { Seconds } from '../../engine/core/units.ts';
import type { LiveCounters, LiveStatus } from '../../host/protocol/LiveState.ts';

/** What happened longer ago is history: it is counted, but no longer a problem. */
const RECENT_SECONDS: Seconds = 60;

/** What the counters of a session have counted in the last minute. */
export class RecentCounters {
  /** Oldest first; the first one is the latest that is at least a minute old, or the first of all. */
  private held: LiveStatus[] = [];

  push(status: LiveStatus): void {
    const latest = this.held.at(-1);
    // Another session has begun.
    if (latest !== undefined && latest.seconds > status.seconds) this.held = [];
    this.held.push(status);
    while (this.held.length > 1 && this.held[1]!.seconds <= status.seconds - RECENT_SECONDS) this.held.shift();
  }

  /** @returns increments within the last minute, all 0 before the second status */
  counts(): LiveCounters | null {
    const [first] = this.held;
    const latest = this.held.at(-1);
    if (first === undefined || latest === undefined) return null;
    const names = Object.keys(latest.counters) as (keyof LiveCounters)[];
    const counts = names.map((name) => [name, latest.counters[name] - first.counters[name]]);
    return Object.fromEntries(counts) as Record<keyof LiveCounters, number>;
  }
}

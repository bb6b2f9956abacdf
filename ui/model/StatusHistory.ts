import type { StatusPoint } from '../../host/protocol/hostMessages.ts';
import type { LiveStatus } from '../../host/protocol/LiveState.ts';

/** Twice a second for five minutes. */
export const STATUS_POINTS = 600;

/** The last minutes of load and latency; a ring, so that what is written is never moved. */
export class StatusHistory {
  readonly median = new Float32Array(STATUS_POINTS);
  readonly p99 = new Float32Array(STATUS_POINTS);
  readonly latencySeconds = new Float32Array(STATUS_POINTS);
  /** 1 where sound was missing or load led to less work. */
  readonly trouble = new Uint8Array(STATUS_POINTS);
  count = 0;
  private troubles = -1;

  /** Begins with what the host remembers of the minutes before. */
  restore(points: readonly StatusPoint[]): void {
    this.count = 0;
    this.troubles = -1;
    for (const [median, p99, latencySeconds, trouble] of points) this.write(median, p99, latencySeconds, trouble);
  }

  push({ load, latency, counters }: LiveStatus): void {
    const troubles =
      counters.inputGaps + counters.outputGaps + counters.dryFallbacks + counters.overloads + counters.shortenings;
    const isTrouble = this.troubles >= 0 && troubles > this.troubles;
    this.write(load.median, load.p99, latency.totalSeconds, isTrouble ? 1 : 0);
    this.troubles = troubles;
  }

  private write(median: number, p99: number, latencySeconds: number, trouble: 0 | 1): void {
    const place = this.count++ % STATUS_POINTS;
    this.median[place] = median;
    this.p99[place] = p99;
    this.latencySeconds[place] = latencySeconds;
    this.trouble[place] = trouble;
  }

  /** Whether there was trouble within so many of the latest points. */
  hasTroubleSince(points: number): boolean {
    for (let ago = 0; ago < Math.min(points, this.count, STATUS_POINTS); ago++)
      if (this.trouble[(this.count - 1 - ago) % STATUS_POINTS] === 1) return true;
    return false;
  }
}

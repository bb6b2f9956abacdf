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

  push({ load, latency, counters }: LiveStatus): void {
    const place = this.count++ % STATUS_POINTS;
    const troubles = counters.inputGaps + counters.outputGaps + counters.overloads + counters.shortenings;
    this.median[place] = load.median;
    this.p99[place] = load.p99;
    this.latencySeconds[place] = latency.totalSeconds;
    this.trouble[place] = this.troubles >= 0 && troubles > this.troubles ? 1 : 0;
    this.troubles = troubles;
  }

  /** Whether there was trouble within so many of the latest points. */
  hasTroubleSince(points: number): boolean {
    for (let ago = 0; ago < Math.min(points, this.count, STATUS_POINTS); ago++)
      if (this.trouble[(this.count - 1 - ago) % STATUS_POINTS] === 1) return true;
    return false;
  }
}

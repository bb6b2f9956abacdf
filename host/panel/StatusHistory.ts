import { countProblems } from '../protocol/countProblems.ts';
import type { StatusPoint } from '../protocol/hostMessages.ts';
import type { LiveStatus } from '../protocol/LiveState.ts';

/** Five minutes at two statuses a second. */
const MAXIMUM_POINTS = 600;

/** Summary of the last minutes, for panels that connect later. */
export class StatusHistory {
  readonly points: StatusPoint[] = [];
  private troubles: number | null = null;

  push({ load, latency, counters }: LiveStatus): void {
    const troubles = countProblems(counters);
    const isTrouble = this.troubles !== null && troubles > this.troubles;
    this.troubles = troubles;
    this.points.push([rounded(load.median), rounded(load.p99), rounded(latency.totalSeconds), isTrouble ? 1 : 0]);
    if (this.points.length > MAXIMUM_POINTS) this.points.shift();
  }
}

/** Digits beyond the resolution of the chart would make up most of the message. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

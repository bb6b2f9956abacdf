import { countProblems } from '../protocol/countProblems.ts';
import type { StatusPoint } from '../protocol/hostMessages.ts';
import type { LiveStatus } from '../protocol/LiveState.ts';

/** Five minutes, twice a second. */
const MOST_POINTS = 600;

/** What a panel that opens later is told of the minutes before. */
export class StatusHistory {
  readonly points: StatusPoint[] = [];
  private troubles: number | null = null;

  push({ load, latency, counters }: LiveStatus): void {
    const troubles = countProblems(counters);
    const isTrouble = this.troubles !== null && troubles > this.troubles;
    this.troubles = troubles;
    this.points.push([rounded(load.median), rounded(load.p99), rounded(latency.totalSeconds), isTrouble ? 1 : 0]);
    if (this.points.length > MOST_POINTS) this.points.shift();
  }
}

/** Digits that no picture shows cost the most of a message. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

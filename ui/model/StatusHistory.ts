import { countProblems } from '../../host/protocol/countProblems.ts';
import type { StatusPoint } from '../../host/protocol/hostMessages.ts';
import type { LiveStatus } from '../../host/protocol/LiveState.ts';

/** Five minutes at two points per second. */
export const STATUS_POINTS = 600;

/** Ring buffer of load and latency over the last minutes. Point n is stored at index n modulo STATUS_POINTS. */
export class StatusHistory {
  readonly median = new Float32Array(STATUS_POINTS);
  readonly p99 = new Float32Array(STATUS_POINTS);
  readonly latencySeconds = new Float32Array(STATUS_POINTS);
  /** 1 where audio dropped out or load reduced the processing. */
  readonly hasProblem = new Uint8Array(STATUS_POINTS);
  /** Points written so far. */
  count = 0;
  private problems: number | null = null;

  /** Replaces the contents by the history that the host sends after connecting. */
  restore(points: readonly StatusPoint[]): void {
    this.count = 0;
    this.problems = null;
    for (const point of points) this.write(point);
  }

  push({ load, latency, counters }: LiveStatus): void {
    const problems = countProblems(counters);
    const isProblem = this.problems !== null && problems > this.problems;
    this.write([load.median, load.p99, latency.totalSeconds, isProblem ? 1 : 0]);
    this.problems = problems;
  }

  private write([median, p99, latencySeconds, hasProblem]: StatusPoint): void {
    const place = this.count++ % STATUS_POINTS;
    this.median[place] = median;
    this.p99[place] = p99;
    this.latencySeconds[place] = latencySeconds;
    this.hasProblem[place] = hasProblem;
  }

  /** Whether any of the latest `points` points had a problem. */
  hadProblemWithin(points: number): boolean {
    for (let ago = 0; ago < Math.min(points, this.count, STATUS_POINTS); ago++)
      if (this.hasProblem[(this.count - 1 - ago) % STATUS_POINTS] === 1) return true;
    return false;
  }
}

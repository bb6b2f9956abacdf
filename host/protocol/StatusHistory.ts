import { CircularBuffer } from '../../engine/core/CircularBuffer.ts';
import { countProblems } from './countProblems.ts';
import type { StatusPoint } from './hostMessages.ts';
import type { LiveStatus } from './LiveState.ts';

/** Five minutes at two statuses a second. */
export const STATUS_POINTS = 600;
/** Resolution of the values that are sent. Further digits would make up most of the message and cannot be seen in a chart. */
const STEPS_PER_UNIT = 1e4;

/**
 * Load, latency and problems of the last minutes. The host keeps one for panels that connect later; a panel restores its own from it and
 * continues.
 */
export class StatusHistory {
  /** Each series holds STATUS_POINTS values, the newest last; those before the first point are 0. */
  readonly median = new CircularBuffer(STATUS_POINTS);
  readonly p99 = new CircularBuffer(STATUS_POINTS);
  readonly latencySeconds = new CircularBuffer(STATUS_POINTS);
  /** 1 where audio dropped out or load reduced the processing. */
  readonly hasProblem = new CircularBuffer(STATUS_POINTS);
  private count = 0;
  /** Sum of the problem counters in the latest status; null before the first. */
  private problems: number | null = null;

  /** Points held, at most STATUS_POINTS. */
  get length(): number {
    return this.count;
  }

  push({ load, latency, counters }: LiveStatus): void {
    const problems = countProblems(counters);
    const isProblem = this.problems !== null && problems > this.problems;
    this.write([load.median, load.p99, latency.totalSeconds, isProblem ? 1 : 0]);
    this.problems = problems;
  }

  /** Replaces the contents by the points of another history. Problems before the next status are not counted again. */
  restore(points: readonly StatusPoint[]): void {
    for (const series of [this.median, this.p99, this.latencySeconds, this.hasProblem]) series.reset();
    this.count = 0;
    this.problems = null;
    for (const point of points) this.write(point);
  }

  /** The points held, oldest first, for `restore`. */
  points(): StatusPoint[] {
    const first = STATUS_POINTS - this.count;
    return Array.from({ length: this.count }, (_, point) => [
      rounded(this.median.at(first + point)),
      rounded(this.p99.at(first + point)),
      rounded(this.latencySeconds.at(first + point)),
      this.hasProblem.at(first + point) === 1 ? 1 : 0,
    ]);
  }

  /** Whether any of the latest `points` points had a problem. */
  hadProblemWithin(points: number): boolean {
    for (let ago = 0; ago < Math.min(points, this.count); ago++)
      if (this.hasProblem.at(STATUS_POINTS - 1 - ago) === 1) return true;
    return false;
  }

  private write([median, p99, latencySeconds, hasProblem]: StatusPoint): void {
    this.median.push(median);
    this.p99.push(p99);
    this.latencySeconds.push(latencySeconds);
    this.hasProblem.push(hasProblem);
    this.count = Math.min(this.count + 1, STATUS_POINTS);
  }
}

function rounded(value: number): number {
  return Math.round(value * STEPS_PER_UNIT) / STEPS_PER_UNIT;
}

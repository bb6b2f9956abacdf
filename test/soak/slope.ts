export interface Slope {
  /** Units of y per hour. */
  readonly perHour: number;
  /** Half width of the 95 % confidence interval, for noise that is independent from point to point. */
  readonly uncertainty: number;
}

/** Least-squares slope. @param points [seconds, y]; with fewer than three the slope is NaN, since its uncertainty is unknown */
export function slopeOf(points: readonly (readonly [number, number])[]): Slope {
  const count = points.length;
  if (count < 3) return { perHour: Number.NaN, uncertainty: Number.NaN };
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const squares = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / squares;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  const deviation = Math.sqrt(rest / (count - 2) / squares);
  return { perHour: 3600 * slope, uncertainty: 1.96 * 3600 * deviation };
}

/** @returns "0.37 ± 0.37 MB/h", or that there are too few points */
export function slopeText({ perHour, uncertainty }: Slope, unit: string): string {
  if (Number.isNaN(perHour)) return 'run too short';
  return `${roundText(perHour)} ± ${roundText(uncertainty)} ${unit}/h`;
}

/** Formats a number with about three digits. */
export function roundText(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 1 ? 1 : 2);
}

import type { Distribution, PairedDifference } from '../evaluation/statistics.ts';

export function meanText({ mean, standardDeviation }: Distribution, digits: number): string {
  return standardDeviation === null
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${standardDeviation.toFixed(digits)}`;
}

export function differenceText({ mean, standardError }: PairedDifference, digits: number): string {
  const sign = mean < 0 ? '−' : '+';
  const size = `${sign}${Math.abs(mean).toFixed(digits)}`;
  return standardError === null ? size : `${size} ± ${standardError.toFixed(digits)}`;
}

/** @returns whether a difference exceeds two standard errors; null if it has no standard error */
export function isBeyondChance({ mean, standardError }: PairedDifference): boolean | null {
  return standardError === null ? null : Math.abs(mean) > 2 * standardError;
}

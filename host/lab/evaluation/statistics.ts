import { InputError } from '../../../engine/core/errors.ts';
import { paired } from '../../../engine/core/paired.ts';
/** Statistics of a sample. The standard deviation divides by n - 1 and is null for one value. */
export interface Distribution {
  readonly count: number;
  readonly median: number;
  readonly mean: number;
  readonly standardDeviation: number | null;
}

/** Statistics of paired differences. They vary less than two separate means, since hard pairs are hard for every method. */
export interface PairedDifference {
  readonly count: number;
  readonly mean: number;
  /** Standard error of the mean, standard deviation / sqrt(n); null for one pair. */
  readonly standardError: number | null;
}

/** @param values at least one */
export function distributionOf(values: readonly number[]): Distribution {
  const count = values.length;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    median: medianOf(values),
    mean,
    standardDeviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
  };
}

/** @param values at least one, in the order of `others`; differences are value - other */
export function pairedDifference(values: readonly number[], others: readonly number[]): PairedDifference {
  const { count, mean, standardDeviation } = distributionOf(
    paired(values, others).map(([value, other]) => value - other),
  );
  return { count, mean, standardError: standardDeviation === null ? null : standardDeviation / Math.sqrt(count) };
}

/** @param values at least one */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param values at least one */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new InputError('values must contain at least one value, got 0');
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

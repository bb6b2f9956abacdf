import { describe, expect, test } from 'vitest';
import { distributionOf, pairedDifference } from '../../../../host/lab/evaluation/statistics.ts';

describe('distributionOf', () => {
  test('agrees with hand-computed values', () => {
    expect(distributionOf([4, 1, 3])).toEqual({
      count: 3,
      median: 3,
      mean: 8 / 3,
      standardDeviation: expect.closeTo(1.5275252, 6),
    });
    expect(distributionOf([4, 1, 3, 10]).median).toBe(3.5);
  });

  test('the standard deviation of one value is null', () => {
    expect(distributionOf([7])).toEqual({ count: 1, median: 7, mean: 7, standardDeviation: null });
  });

  test('rejects an empty list', () => {
    expect(() => distributionOf([])).toThrow('values must contain at least one value, got 0');
  });

  test('does not depend on the order of the values, and does not change it', () => {
    const values = [10, 9, 100, 1];
    expect(distributionOf(values).median).toBe(9.5);
    expect(values).toEqual([10, 9, 100, 1]);
  });
});

describe('pairedDifference', () => {
  test('rejects lists of different length', () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow('lists must have the same length, got 2 and 1');
  });

  test('a common offset of all pairs cancels', () => {
    expect(pairedDifference([11, 21, 31], [10, 20, 30])).toEqual({ count: 3, mean: 1, standardError: 0 });
  });

  test('the standard error is the standard deviation over sqrt(n)', () => {
    const { mean, standardError } = pairedDifference([1, 2, 3, 4], [0, 0, 0, 0]);
    expect([mean, standardError]).toEqual([2.5, expect.closeTo(Math.sqrt(5 / 3) / 2, 12)]);
    expect(pairedDifference([1], [3])).toEqual({ count: 1, mean: -2, standardError: null });
  });
});

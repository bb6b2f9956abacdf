import { describe, expect, it } from 'vitest';
import { bestPermutation } from '../../../engine/evaluation/permutation.ts';

describe('bestPermutation', () => {
  it('maximises the sum, not the first score', () => {
    expect(
      bestPermutation([
        [10, 9],
        [9, 0],
      ]),
    ).toEqual([1, 0]);
  });

  it('finds a permutation of eight', () => {
    const order = [5, 2, 7, 0, 4, 1, 6, 3];
    const scores = order.map((_, row) => order.map((hidden, column) => (hidden === row ? 2 : column % 2)));
    expect(bestPermutation(scores)).toEqual(order);
  });

  it('returns the identity if all scores are equal', () => {
    expect(bestPermutation([3, 3, 3].map(() => [1, 1, 1]))).toEqual([0, 1, 2]);
  });
});

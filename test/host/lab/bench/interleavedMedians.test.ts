import { describe, expect, it } from 'vitest';
import { interleavedMedians, median, quantile } from '../../../../host/lab/bench/interleavedMedians.ts';

describe('interleavedMedians', () => {
  it('runs the contestants in turn', () => {
    const order: string[] = [];
    interleavedMedians({ one: { run: () => order.push('one') }, two: { run: () => order.push('two') } }, 4);
    expect(order.length).toBe(14);
    for (let turn = 0; turn < order.length; turn++) expect(order[turn]).toBe(turn % 2 === 0 ? 'one' : 'two');
  });

  it('quantiles do not require sorted values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(quantile([5, 4, 3, 2, 1, 0, 9, 8, 7, 6], 0.9)).toBe(9);
  });
});

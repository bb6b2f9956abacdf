import { expect, it } from 'vitest';
import { paired } from '../../../engine/core/paired.ts';

it('paired joins the elements of two lists, and rejects lists of different length', () => {
  expect(paired(['a', 'b'], [1, 2])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(paired([], [])).toEqual([]);
  expect(() => paired(['a'], [1, 2])).toThrow('lists must have the same length, got 1 and 2');
});

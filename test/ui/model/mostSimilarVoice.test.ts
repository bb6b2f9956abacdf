import { expect, it } from 'vitest';
import { separability } from '../../../ui/model/separability.ts';
import { simulatedState } from '../simulatedState.ts';

const state = simulatedState(['a', 'b', 'c']);

it('compares a speaker with the most similar other one', () => {
  const similarity = [1, 0.3, 0.75, 0.3, 1, 0.1, 0.75, 0.1, 1];
  expect(separability({ ...state, similarity }, 'a')).toMatchObject({ other: 'c', share: 0.25 });
  expect(separability({ ...state, similarity }, 'b')).toMatchObject({ other: 'a', share: 0.7 });
});

it('is null for a speaker that is not loaded, alone, or not compared yet', () => {
  expect(separability(state, 'd')).toBeNull();
  expect(separability(simulatedState(['a']), 'a')).toBeNull();
  expect(separability({ ...state, similarity: [] }, 'a')).toBeNull();
});

import { expect, it } from 'vitest';
import { mostSimilarVoice } from '../../../ui/model/mostSimilarVoice.ts';
import { simulatedState } from '../simulatedState.ts';

const state = simulatedState(['a', 'b', 'c']);

it('compares a speaker with the most similar other one', () => {
  const similarity = [1, 0.3, 0.75, 0.3, 1, 0.1, 0.75, 0.1, 1];
  expect(mostSimilarVoice({ ...state, similarity }, 'a')).toMatchObject({ name: 'c', similarity: 0.75 });
  expect(mostSimilarVoice({ ...state, similarity }, 'b')).toMatchObject({ name: 'a', similarity: 0.3 });
});

it('is null for a speaker that is not loaded, alone, or not compared yet', () => {
  expect(mostSimilarVoice(state, 'd')).toBeNull();
  expect(mostSimilarVoice(simulatedState(['a']), 'a')).toBeNull();
  expect(mostSimilarVoice({ ...state, similarity: [] }, 'a')).toBeNull();
});

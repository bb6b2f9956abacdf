import { expect, it } from 'vitest';
import { voicePath } from '../../../engine/diarization/voicePath.ts';

/** Likelihoods that favour the given states: 0 and 1 are voices, 2 is silence. */
function favouring(states: readonly number[], odds: number): Float32Array {
  return Float32Array.from(states.flatMap((state) => [0, 1, 2].map((each) => (each === state ? 0 : -odds))));
}

it('follows clear changes to the block', () => {
  const states = [2, 2, ...Array(20).fill(0), ...Array(15).fill(1), 2, 2, 2, ...Array(9).fill(1)];
  expect(Array.from(voicePath(favouring(states, 4), 2))).toEqual(states);
});

it('ignores a flicker', () => {
  const states = Array(30).fill(0);
  const flickering = states.map((state, block) => (block % 7 === 3 ? 1 : state));
  expect(Array.from(voicePath(favouring(flickering, 2), 2))).toEqual(states);
});

it('is empty for nothing', () => {
  expect(voicePath(new Float32Array(0), 2)).toHaveLength(0);
});

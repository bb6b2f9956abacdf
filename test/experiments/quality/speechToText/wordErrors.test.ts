import { expect, it } from 'vitest';
import { wordErrorRate, wordErrors } from './wordErrors.ts';

it.each([
  ['the cat sat', 'the cat sat', 0],
  ['THE CAT | SAT', 'the cat sat.', 0],
  ['the cat sat', 'the bat sat', 1],
  ['the cat sat', 'the sat', 1],
  ['the cat sat', 'the big cat sat', 1],
  ['the cat sat', '', 3],
  ['the cat sat', 'a dog ran far away', 5],
  ["it's here", 'its here', 1],
  ['a b c d e f', 'b c d e f a', 2],
])('"%s" heard as "%s" has %i errors', (reference, hypothesis, errors) => {
  expect(wordErrors(reference, hypothesis).errors).toBe(errors);
});

it('the distance is symmetric and obeys the triangle inequality', () => {
  const texts = ['a b c', 'b c', 'c b a', 'a a b b c', ''];
  const distance = (one: string, other: string) => wordErrors(one, other).errors;
  for (const one of texts)
    for (const other of texts) {
      expect(distance(one, other)).toBe(distance(other, one));
      for (const third of texts)
        expect(distance(one, third)).toBeLessThanOrEqual(distance(one, other) + distance(other, third));
    }
});

it('a rate weights utterances by their words', () => {
  expect(wordErrorRate([wordErrors('a b c', 'a b c'), wordErrors('d', '')])).toBe(0.25);
});

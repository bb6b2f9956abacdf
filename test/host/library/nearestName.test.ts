import { expect, it } from 'vitest';
import { nearestName } from '../../../host/library/nearestName.ts';

const NAMES = ['ann', 'bob', 'librispeech-1688', 'librispeech-367', 'Zoë'];

it.each([
  ['an', 'ann'],
  ['nan', 'ann'],
  ['Bobb', 'bob'],
  ['zoe', 'Zoë'],
  ['librispech-367', 'librispeech-367'],
  ['1688', 'librispeech-1688'],
])('%j was probably meant to be %j', (wanted, name) => {
  expect(nearestName(wanted, NAMES)).toBe(name);
});

it.each(['nobody', 'x', '', 'libri', 'bo,b,x,y'])('%j resembles no name, or several', (wanted) => {
  expect(nearestName(wanted, NAMES)).toBeNull();
});

import { expect, it } from 'vitest';
import { cutToWidth, displayWidth } from '../../../host/files/displayWidth.ts';

it.each([
  ['ann', 3],
  ['Zoë'.normalize('NFD'), 3],
  ['山田 太郎', 9],
  ['김민수', 6],
  ['Ａｎｎ', 6],
  ['Анна', 4],
  ['مريم', 4],
  ['👩‍👩‍👧', 2],
  ['', 0],
])('%j occupies %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

it('a text that is too wide is cut between characters, with an ellipsis', () => {
  expect(cutToWidth('ann', 3)).toBe('ann');
  expect(cutToWidth('anna', 3)).toBe('an…');
  expect(cutToWidth('山田 太郎', 6)).toBe('山田…');
  expect(cutToWidth('Zoë Zoë'.normalize('NFD'), 4)).toBe('Zoë…'.normalize('NFD'));
});

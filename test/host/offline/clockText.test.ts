import { expect, test } from 'vitest';
import { clockText } from '../../../host/offline/clockText.ts';

test.each([
  [0, 0, '0:00'],
  [65, 0, '1:05'],
  [59.6, 0, '1:00'],
  [3725, 0, '62:05'],
  [5.25, 1, '0:05.3'],
  [65.3, 1, '1:05.3'],
  [59.96, 1, '1:00.0'],
])('%f s with %i decimals are %s', (seconds, decimals, text) => {
  expect(clockText(seconds, decimals)).toBe(text);
});

import { expect, test } from 'vitest';
import { queueAddress } from '../../../host/queue/queueAddress.ts';

test('the text of an address has no user and no password', () => {
  expect(queueAddress('redis://user:p%40ss@host:6380/2')).toEqual({
    url: 'redis://user:p%40ss@host:6380/2',
    text: 'redis://host:6380/2',
  });
  expect(queueAddress('valkeys://:secret@host').text).toBe('rediss://host');
  expect(queueAddress('valkey://host').url).toBe('redis://host');
});

test.each(['host:6379', 'http://:secret@host', 'redis://:secret@', 'redis://:secret@host/x', ''])(
  'an address that is none is refused without repeating it: %s',
  (text) => {
    expect(() => queueAddress(text)).toThrow(/^--queue must be redis:\/\/HOST(?!.*secret)/);
  },
);

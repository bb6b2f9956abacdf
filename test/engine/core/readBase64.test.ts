import { expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { JsonReader } from '../../../engine/core/JsonReader.ts';
import { readBase64 } from '../../../engine/core/readBase64.ts';

const read = (data: unknown, byteCount: number, maximumCharacters = 100) =>
  readBase64(JsonReader.parse(JSON.stringify({ data }), 'file'), 'data', byteCount, maximumCharacters);

it('decodes a field of the expected length', () => {
  expect(Array.from(read('AQID', 3))).toEqual([1, 2, 3]);
});

it.each([
  ['a different number of bytes', 'AQID', 4, 100, /data.*base64 of 4 bytes \(this one holds 3\)/],
  ['text that is not base64', '!!!!', 3, 100, /data.*base64/],
  ['text over the limit', 'AQID', 3, 3, /data/],
  ['a number', 5, 3, 100, /data/],
])('rejects %s with the path of the field', (_, data, byteCount, maximumCharacters, message) => {
  expect(() => read(data, byteCount, maximumCharacters)).toThrow(message);
  expect(() => read(data, byteCount, maximumCharacters)).toThrow(InputError);
});

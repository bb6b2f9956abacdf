import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { JsonReader } from '../../../engine/core/JsonReader.ts';

const read = (value: unknown) => JsonReader.parse(JSON.stringify(value), 'file');

describe('JsonReader', () => {
  it('names the path of the field, its value and what is allowed', () => {
    expect(() =>
      read({ a: { b: 7 } })
        .object('a')
        .integer('b', 0, 5),
    ).toThrow('file.a.b: must be an integer between 0 and 5, got 7');
    expect(() =>
      read({ a: [{}, { b: 'x' }] })
        .objects('a', 0, 9)[1]!
        .number('b', 0, 1),
    ).toThrow('file.a[1].b: must be a number between 0 and 1, got "x"');
    expect(() => read({}).text('a', 5)).toThrow('file.a: must be a text of at most 5 characters, got nothing');
    expect(() => read({ a: null }).object('a')).toThrow('file.a: must be an object, got null');
    expect(() => read({ a: [1, 2.5] }).integers('a', 9, 0, 9)).toThrow('file.a: must be a list of at most 9 integers');
  });

  it('rejects text that is not a JSON object with an InputError', () => {
    for (const text of ['', '{', '[]', '3', 'null', '"text"', 'ÿ\u0000']) {
      expect(() => JsonReader.parse(text, 'file')).toThrow(InputError);
    }
  });

  it('ignores a byte order mark at the start', () => {
    expect(JsonReader.parse('\uFEFF{"a":1}', 'file').integer('a', 0, 9)).toBe(1);
  });

  it('names a newer version of the program as the reason for a larger version', () => {
    expect(() => read({ version: 3 }).version(2)).toThrow(
      'file.version: the file was made by a newer version of the program, in format 3; this version reads format 2, update it',
    );
    for (const version of [1, 2.5, '3', null]) {
      expect(() => read({ version }).version(2)).toThrow(`file.version: must be 2, got ${JSON.stringify(version)}`);
    }
    expect(() => read({ version: 2 }).version(2)).not.toThrow();
  });

  it('does not treat inherited properties as fields', () => {
    const reader = JsonReader.parse('{"__proto__": {"a": 1}}', 'file');
    expect(reader.has('a')).toBe(false);
    expect(reader.has('constructor')).toBe(false);
  });
});

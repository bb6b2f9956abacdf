import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../engine/core/base64.ts';
import { Random } from '../../../engine/core/Random.ts';

describe('base64', () => {
  it('encodes as RFC 4648 specifies, and decodes its own output', () => {
    expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => encodeBase64(Buffer.from(text)))).toEqual([
      '',
      'Zg==',
      'Zm8=',
      'Zm9v',
      'Zm9vYg==',
      'Zm9vYmE=',
      'Zm9vYmFy',
    ]);
    const random = new Random(4);
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, () => random.integer(256));
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }
  });

  it('rejects text that is not base64', () => {
    expect(() => decodeBase64('abc')).toThrow('multiple of 4 characters, got 3');
    expect(() => decodeBase64('ab*d')).toThrow('must not contain "*"');
    expect(() => decodeBase64('=abc')).toThrow('must not contain "="');
    expect(() => decodeBase64('abcé')).toThrow('must not contain "é"');
  });
});

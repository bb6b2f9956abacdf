import { describe, expect, it } from 'vitest';
import { matchVoices } from '../../../host/voices/matchVoices.ts';

/** @param text one letter a second: `a`, `b`, ... speak, `-` is silence @returns [voices][blocks] */
function speaking(text: string, voices = 2): Uint8Array[] {
  return Array.from({ length: voices }, (_, voice) =>
    Uint8Array.from({ length: 10 * text.length }, (__, block) =>
      text.charCodeAt(Math.floor(block / 10)) === 'a'.charCodeAt(0) + voice ? 1 : 0,
    ),
  );
}

/** @param text one digit a second @returns [blocks] */
function numbers(text: string): number[] {
  return [...text].flatMap((digit) => Array.from({ length: 10 }, () => Number(digit)));
}

describe('matchVoices', () => {
  it('numbers voices from 1 on', () => {
    expect(matchVoices(speaking('aabb'), numbers('0000'), [], 2)).toEqual([1, 2]);
  });

  it('keeps the number of a voice, whatever its index', () => {
    expect(matchVoices(speaking('aabbaab'), numbers('2211000'), [1, 2], 6)).toEqual([2, 1]);
  });

  it('gives a voice that shares less than a second with others a new number', () => {
    expect(matchVoices(speaking('aabb'), numbers('1100'), [1], 6)).toEqual([1, 2]);
  });

  it('gives a new voice the number of one that was split, if all have been found', () => {
    expect(matchVoices(speaking('aaaabb'), numbers('112200'), [1, 2], 2)).toEqual([1, 2]);
    expect(matchVoices(speaking('aaaabb'), numbers('112200'), [1, 2], 6)).toEqual([1, 3]);
  });

  it('knows no more voices than there are', () => {
    expect(matchVoices(speaking('abc', 3), numbers('120'), [1, 2], 2)).toEqual([1, 2, 0]);
  });
});

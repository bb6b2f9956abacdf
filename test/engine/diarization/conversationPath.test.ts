import { describe, expect, it } from 'vitest';
import { conversationPath } from '../../../engine/diarization/conversationPath.ts';

/** Probabilities that agree with who speaks in each block: `.` nobody, `0` and so on a voice, `*` all. */
function activities(text: string, voices: number, certainty = 0.9) {
  const speaks = (symbol: string, voice: number) => symbol === '*' || symbol === String(voice);
  return Array.from({ length: voices }, (_, voice) => ({
    own: Float32Array.from(text, (symbol) => (speaks(symbol, voice) ? certainty : 1 - certainty)),
    others: Float32Array.from(text, (symbol) =>
      symbol === '*' || (symbol !== '.' && symbol !== String(voice)) ? certainty : 1 - certainty,
    ),
  }));
}

const lines = (found: readonly Uint8Array[]) => found.map((flags) => flags.join(''));

describe('conversationPath', () => {
  it('finds silence, single voices and two at once', () => {
    expect(lines(conversationPath(activities('..000***111...222', 3).slice(0, 2)))).toEqual([
      '00111111000000000',
      '00000111111000000',
    ]);
    expect(lines(conversationPath(activities('..000..111...222', 3)))).toEqual([
      '0011100000000000',
      '0000000111000000',
      '0000000000000111',
    ]);
  });

  it('never reports more than two at once', () => {
    const found = conversationPath(activities('***000***', 3));
    for (let block = 0; block < 9; block++)
      expect(found.reduce((sum, flags) => sum + flags[block]!, 0)).toBeLessThanOrEqual(2);
  });

  it('goes on over a block that is doubtful', () => {
    const doubtful = activities('0000000', 2);
    doubtful[0]!.own[3] = 0.3;
    doubtful[1]!.own[3] = 0.6;
    expect(lines(conversationPath(doubtful))).toEqual(['1111111', '0000000']);
  });

  it('gives what two alike voices claim to one of them', () => {
    const [claimed] = activities('000000', 1);
    const others = new Float32Array(6).fill(0.25);
    const found = conversationPath([
      { own: claimed!.own, others },
      { own: claimed!.own.map((chance) => chance - 0.05), others },
    ]);
    expect(lines(found)).toEqual(['111111', '000000']);
  });

  it('goes on over blocks of which nothing is known', () => {
    const unknown = activities('000000', 2);
    for (const { own, others } of unknown) {
      own.fill(Number.NaN, 3);
      others.fill(Number.NaN, 3);
    }
    expect(lines(conversationPath(unknown))).toEqual(['111111', '000000']);
  });

  it('returns nothing for nothing', () => {
    expect(conversationPath([])).toEqual([]);
    expect(lines(conversationPath(activities('', 2)))).toEqual(['', '']);
  });
});

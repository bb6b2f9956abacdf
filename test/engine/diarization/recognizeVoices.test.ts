import { describe, expect, it, test } from 'vitest';
import { recognizeVoices } from '../../../engine/diarization/recognizeVoices.ts';

/** A plane is enough: similarities are cosines of the angles between voices. */
const at = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

describe('recognizeVoices', () => {
  test.each<[string, number[], number[], (number | null)[]]>([
    ['nobody is known', [0, 90], [], [null, null]],
    ['no voices', [], [0, 90], []],
    ['one of two voices', [0, 90], [5], [0, null]],
    ['both, in the order of the voices', [0, 90], [95, 5], [1, 0]],
    ['too different', [0], [30], [null]],
    ['opposite', [0], [180], [null]],
    ['between two people', [0], [10, -10], [null]],
    ['the same person under two names', [0], [5, 5], [null]],
    ['two voices that may both be one person', [0, 10], [5], [null, null]],
    ['two voices that are the same', [0, 0], [0], [null, null]],
  ])('%s', (_, voices, people, expected) => {
    expect(recognizeVoices(voices.map(at), people.map(at))).toEqual(expected);
  });

  it('names nobody twice', () => {
    const voices = Array.from({ length: 6 }, (_, voice) => at(30 * voice));
    const people = Array.from({ length: 12 }, (_, person) => at(25 * person));
    const named = recognizeVoices(voices, people).filter((person) => person !== null);
    expect(named.length).toBeGreaterThan(1);
    expect(new Set(named).size).toBe(named.length);
  });
});

import { expect, test } from 'vitest';
import type { DatasetSpeaker } from '../../../../host/lab/evaluation/Dataset.ts';
import { pairName, speakerPairs } from '../../../../host/lab/evaluation/pairs.ts';

const speaker = (name: string, sex: DatasetSpeaker['sex']): DatasetSpeaker => ({
  name,
  sex,
  trainingPaths: [],
  testPaths: [],
});
const speakers = [speaker('a', 'female'), speaker('b', 'male'), speaker('c', 'female'), speaker('d', 'male')];

test('every pair occurs once, with its group', () => {
  const pairs = speakerPairs(speakers, 'all', 1);
  expect(pairs.map(pairName)).toEqual(['a+b', 'a+c', 'a+d', 'b+c', 'b+d', 'c+d']);
  expect(pairs.map(({ group }) => group)).toEqual(['mixed', 'female/female', 'mixed', 'mixed', 'male/male', 'mixed']);
  expect(speakerPairs([speaker('a', null), speaker('b', 'male')], 'all', 1)[0]!.group).toBe('unknown');
});

test('the same seed draws the same pairs, another seed draws others', () => {
  const draw = (seed: number) => speakerPairs(speakers, 3, seed).map(pairName);
  expect(new Set(draw(1)).size).toBe(3);
  expect(draw(1)).toEqual(draw(1));
  expect(new Set([1, 2, 3, 4, 5].map((seed) => draw(seed).join())).size).toBeGreaterThan(1);
});

test('drawing more pairs than there are is an error', () => {
  expect(() => speakerPairs(speakers, 7, 1)).toThrow('--pairs must be all or at most 6 for 4 speakers, got 7');
});

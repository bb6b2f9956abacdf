import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import type { DatasetSpeaker } from './Dataset.ts';

export type PairGroup = 'female/female' | 'male/male' | 'mixed' | 'unknown';

export interface SpeakerPair {
  readonly first: DatasetSpeaker;
  readonly second: DatasetSpeaker;
  readonly group: PairGroup;
}

/**
 * Returns pairs of different speakers, each pair once.
 * @param count `'all'`, or the number of pairs to draw
 * @param seed of the draw
 * @throws InputError if there are fewer than `count` pairs
 */
export function speakerPairs(
  speakers: readonly DatasetSpeaker[],
  count: number | 'all',
  seed: number,
): readonly SpeakerPair[] {
  const pairs = speakers.flatMap((first, index) =>
    speakers.slice(index + 1).map((second) => ({ first, second, group: groupOf(first, second) })),
  );
  if (count === 'all') return pairs;
  if (count > pairs.length) {
    throw new InputError(
      `--pairs must be all or at most ${pairs.length} for ${speakers.length} speakers, got ${count}`,
    );
  }
  const drawn = new Random(seed).sample(pairs.length, count).sort((left, right) => left - right);
  return drawn.map((index) => pairs[index]!);
}

export function pairName({ first, second }: SpeakerPair): string {
  return `${first.name}+${second.name}`;
}

function groupOf(first: DatasetSpeaker, second: DatasetSpeaker): PairGroup {
  if (first.sex === null || second.sex === null) return 'unknown';
  if (first.sex !== second.sex) return 'mixed';
  return first.sex === 'female' ? 'female/female' : 'male/male';
}

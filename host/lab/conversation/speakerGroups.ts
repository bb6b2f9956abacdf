import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import type { DatasetSpeaker } from '../evaluation/Dataset.ts';

/** Speakers of one conversation, 2 or 3. */
export type SpeakerGroup = readonly DatasetSpeaker[];

/** `mixed`: both sexes take part. `unknown`: speakers.json does not state the sex of all. */
export type GroupSex = 'female' | 'male' | 'mixed' | 'unknown';

/**
 * Draws groups of different speakers, each group once.
 * @param size speakers in a group
 * @param count `'all'`, or the number of groups to draw; a seed draws the same groups again
 * @throws InputError for more groups than there are
 */
export function speakerGroups(
  speakers: readonly DatasetSpeaker[],
  size: number,
  count: number | 'all',
  seed: number,
): readonly SpeakerGroup[] {
  const groups = combinations(speakers, size);
  if (count === 'all') return groups;
  if (count > groups.length) {
    throw new InputError(
      `--pairs must be all or at most ${groups.length} for groups of ${size} among ${speakers.length} speakers, got ${count}`,
    );
  }
  const drawn = new Set(new Random(seed).sample(groups.length, count));
  return groups.filter((_, index) => drawn.has(index));
}

export function groupName(group: SpeakerGroup): string {
  return group.map(({ name }) => name).join('+');
}

export function groupSex(group: SpeakerGroup): GroupSex {
  const sexes = new Set(group.map(({ sex }) => sex));
  if (sexes.has(null)) return 'unknown';
  if (sexes.size > 1) return 'mixed';
  return sexes.has('female') ? 'female' : 'male';
}

function combinations<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return values.flatMap((first, index) =>
    combinations(values.slice(index + 1), size - 1).map((others) => [first, ...others]),
  );
}

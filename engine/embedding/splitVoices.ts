import { similarity } from './similarity.ts';

/** Similarity of two stretches of one voice, assumed where there is only one stretch of each group. */
const TYPICAL_SIMILARITY = 0.9;

/** Stretches of speech in the two groups that differ most. */
export interface VoiceSplit {
  /** [vectors] whether a vector is in the smaller group */
  readonly isOther: readonly boolean[];
  /** Mean similarity within the groups minus that between them: about 0 for one voice, up to 1 for two. */
  readonly separation: number;
}

/**
 * Splits embeddings in two by average linkage: joins the two most similar groups until two are left.
 * @param vectors two or more, of unit length
 */
export function splitVoices(vectors: readonly Float32Array[]): VoiceSplit {
  // Sums of the similarities between the members of two groups; of a group with itself, each pair counts twice.
  const sums = vectors.map((one, index) =>
    Float64Array.from(vectors, (other, at) => (index === at ? 0 : similarity(one, other))),
  );
  const sizes = new Float64Array(vectors.length).fill(1);
  const groups = new Map(vectors.map((_, index) => [index, [index]]));
  const between = (one: number, other: number) => sums[one]![other]! / (sizes[one]! * sizes[other]!);
  while (groups.size > 2) {
    const [kept, joined] = mostSimilar([...groups.keys()], between);
    for (const other of groups.keys()) {
      if (other === kept || other === joined) continue;
      sums[kept]![other]! += sums[joined]![other]!;
      sums[other]![kept] = sums[kept]![other]!;
    }
    sums[kept]![kept]! += sums[joined]![joined]! + 2 * sums[kept]![joined]!;
    sizes[kept]! += sizes[joined]!;
    groups.get(kept)!.push(...groups.get(joined)!);
    groups.delete(joined);
  }
  const [main, other] = [...groups.keys()].sort((one, two) => sizes[two]! - sizes[one]!) as [number, number];
  const within = (group: number) =>
    sizes[group]! < 2 ? null : sums[group]![group]! / (sizes[group]! * (sizes[group]! - 1));
  const own = within(main) ?? TYPICAL_SIMILARITY;
  const separation = (own + (within(other) ?? own)) / 2 - between(main, other);
  const others = new Set(groups.get(other));
  return { isOther: vectors.map((_, index) => others.has(index)), separation };
}

function mostSimilar(
  groups: readonly number[],
  between: (one: number, other: number) => number,
): readonly [number, number] {
  let best = Number.NEGATIVE_INFINITY;
  let pair: readonly [number, number] = [groups[0]!, groups[1]!];
  groups.forEach((one, index) => {
    for (const other of groups.slice(index + 1)) {
      const value = between(one, other);
      if (value <= best) continue;
      best = value;
      pair = [one, other];
    }
  });
  return pair;
}

import { nameKey } from '../../engine/core/fileName.ts';

/** Mistyped letters that a name may have, as a share of its length. */
const MISTYPED_SHARE = 0.4;
/** A shorter part of a name is in too many others to mean one. */
const SHORTEST_PART = 3;

/**
 * Finds the name that was probably meant.
 * @param wanted a name that does not exist
 * @returns the one with the fewest mistyped letters, or else the only one that contains `wanted`; null if none is similar
 */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  const key = nameKey(wanted);
  let nearest: string | null = null;
  let fewestEdits = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const edits = editDistance(key, nameKey(name));
    if (edits < fewestEdits && edits <= MISTYPED_SHARE * Math.max(key.length, name.length)) {
      nearest = name;
      fewestEdits = edits;
    }
  }
  if (nearest !== null || key.length < SHORTEST_PART) return nearest;
  const containing = names.filter((name) => nameKey(name).includes(key));
  return containing.length === 1 ? (containing[0] ?? null) : null;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other (Damerau 1964; optimal string alignment).
 */
function editDistance(one: string, other: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const isEqual = one[row - 1] === other[column - 1];
      // Both columns were written above: rows have other.length + 1 entries.
      let edits = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (isEqual ? 0 : 1));
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwapped) edits = Math.min(edits, beforePrevious[column - 2]! + 1);
      current.push(edits);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[other.length]!;
}

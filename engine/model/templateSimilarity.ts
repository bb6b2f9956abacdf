import type { SpeakerSet } from './SpeakerSet.ts';

/**
 * Similarity of the loaded speakers' templates: cosine between each template of one speaker and the nearest of the other, averaged over
 * templates and both directions. Similar voices are hard to separate.
 * @returns [speakers x speakers] 0 (nothing in common) to 1 (identical), symmetric, 1 on the diagonal
 */
export function templateSimilarity({ speakers, bins }: SpeakerSet): number[] {
  const units = speakers.map(({ values, templates, coreTemplates }) =>
    unitRows(values, coreTemplates ?? templates, bins),
  );
  return units.flatMap((one, index) =>
    units.map((other, otherIndex) =>
      index === otherIndex ? 1 : (meanNearest(one, other, bins) + meanNearest(other, one, bins)) / 2,
    ),
  );
}

/** @returns the first `rows` rows, scaled to Euclidean length 1 */
function unitRows(values: Float32Array, rows: number, bins: number): Float32Array {
  const units = values.slice(0, rows * bins);
  for (let row = 0; row < rows; row++) {
    const slice = units.subarray(row * bins, (row + 1) * bins);
    const length = Math.sqrt(slice.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let bin = 0; bin < bins; bin++) slice[bin]! /= length;
  }
  return units;
}

function meanNearest(one: Float32Array, other: Float32Array, bins: number): number {
  const rows = one.length / bins;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    let nearest = 0;
    for (let start = 0; start < other.length; start += bins) {
      let cosine = 0;
      for (let bin = 0; bin < bins; bin++) cosine += one[row * bins + bin]! * other[start + bin]!;
      nearest = Math.max(nearest, cosine);
    }
    total += nearest;
  }
  return Math.min(1, total / rows);
}

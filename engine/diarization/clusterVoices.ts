import type { Random } from '../core/Random.ts';
import { similarity, unitVector } from '../embedding/similarity.ts';

/** Share of the vectors that centroids are computed from: the least similar ones may hold two voices. A voice with less is not found. */
const TRUSTED_SHARE = 0.9;
const RESTARTS = 40;
const MOST_ITERATIONS = 20;
const SMALLEST_GAIN = 1e-4;

export interface VoiceClusters {
  /** [clusters] of unit length */
  readonly centroids: readonly Float32Array[];
  /** Mean similarity of the trusted vectors to their centroid. */
  readonly score: number;
}

/**
 * Spherical k-means, trimmed: the best of several runs from different starts.
 * @param vectors of unit length, at least `count`
 * @param count of clusters, 1 or more
 */
export function clusterVoices(vectors: readonly Float32Array[], count: number, random: Random): VoiceClusters {
  let best: VoiceClusters | null = null;
  for (let restart = 0; restart < RESTARTS; restart++) {
    const clusters = refine(vectors, distantVectors(vectors, count, random));
    if (best === null || clusters.score > best.score) best = clusters;
  }
  return best!;
}

/** Draws vectors that are far from each other, as k-means++ does (Arthur and Vassilvitskii 2007). */
function distantVectors(vectors: readonly Float32Array[], count: number, random: Random): Float32Array[] {
  const drawn = [random.element(vectors)];
  const distances = vectors.map(() => Number.POSITIVE_INFINITY);
  while (drawn.length < count) {
    const latest = drawn.at(-1)!;
    vectors.forEach((vector, index) => {
      const distance = Math.max(0, 1 - similarity(vector, latest)) ** 2;
      distances[index] = Math.min(distances[index]!, distance);
    });
    let remaining = random.uniform() * distances.reduce((sum, distance) => sum + distance, 0);
    const index = distances.findIndex((distance) => {
      remaining -= distance;
      return remaining <= 0;
    });
    drawn.push(vectors[Math.max(0, index)]!);
  }
  return drawn;
}

function refine(vectors: readonly Float32Array[], start: readonly Float32Array[]): VoiceClusters {
  let centroids = start;
  let score = Number.NEGATIVE_INFINITY;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const nearest = vectors.map((vector) => nearestCentroid(vector, centroids));
    const sorted = nearest.map(({ value }) => value).sort((one, other) => other - one);
    const least = sorted[Math.floor(TRUSTED_SHARE * (sorted.length - 1))]!;
    const trusted = vectors.flatMap((vector, index) => {
      const { value, centroid } = nearest[index]!;
      return value >= least ? [{ vector, value, centroid }] : [];
    });
    centroids = centroids.map((previous, index) => {
      const sum = new Float32Array(previous.length);
      for (const { vector, centroid } of trusted) {
        if (centroid !== index) continue;
        for (let element = 0; element < sum.length; element++) sum[element]! += vector[element]!;
      }
      return sum.some((value) => value !== 0) ? unitVector(sum) : previous;
    });
    const reached = trusted.reduce((sum, { value }) => sum + value, 0) / trusted.length;
    if (reached - score < SMALLEST_GAIN) break;
    score = reached;
  }
  return { centroids, score };
}

/** @param centroids of unit length, at least one */
export function nearestCentroid(
  vector: Float32Array,
  centroids: readonly Float32Array[],
): { readonly centroid: number; readonly value: number } {
  let centroid = 0;
  let value = Number.NEGATIVE_INFINITY;
  centroids.forEach((each, index) => {
    const similar = similarity(vector, each);
    if (similar <= value) return;
    value = similar;
    centroid = index;
  });
  return { centroid, value };
}

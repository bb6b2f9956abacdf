import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { clusterVoices } from '../../../engine/diarization/clusterVoices.ts';
import { similarity, unitVector } from '../../../engine/embedding/similarity.ts';

const DIMENSIONS = 16;

/** Unit vectors near an axis. */
function near(axis: number, count: number, random: Random): Float32Array[] {
  return Array.from({ length: count }, () =>
    unitVector(Float32Array.from({ length: DIMENSIONS }, (_, n) => (n === axis ? 1 : random.between(-0.15, 0.15)))),
  );
}

function axis(index: number): Float32Array {
  return Float32Array.from({ length: DIMENSIONS }, (_, n) => (n === index ? 1 : 0));
}

describe('clusterVoices', () => {
  it('finds groups of any size', () => {
    const random = new Random(1);
    const vectors = [...near(0, 60, random), ...near(5, 12, random), ...near(9, 20, random)];
    const { centroids, score } = clusterVoices(vectors, 3, new Random(2));
    for (const index of [0, 5, 9]) {
      expect(Math.max(...centroids.map((centroid) => similarity(centroid, axis(index))))).toBeGreaterThan(0.98);
    }
    expect(score).toBeGreaterThan(0.9);
  });

  it('does not let a few strange vectors move a centroid', () => {
    const random = new Random(3);
    const vectors = [...near(0, 40, random), ...near(5, 40, random), ...near(11, 4, random)];
    const { centroids } = clusterVoices(vectors, 2, new Random(4));
    for (const centroid of centroids) expect(similarity(centroid, axis(11))).toBeLessThan(0.05);
  });

  it('has centroids of length 1 for equal vectors too', () => {
    const { centroids } = clusterVoices(
      Array.from({ length: 5 }, () => axis(0)),
      2,
      new Random(5),
    );
    for (const centroid of centroids) expect(similarity(centroid, centroid)).toBeCloseTo(1, 6);
  });
});

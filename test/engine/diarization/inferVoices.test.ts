import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { inferVoices } from '../../../engine/diarization/inferVoices.ts';

const DIMENSIONS = 8;
/** Voices differ more than the vectors of one voice do. */
const VARIANCES = Float32Array.from({ length: DIMENSIONS }, () => 9);
const PRIOR_WEIGHT = 12;

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** @param turns [turns] of voice and number of vectors */
function conversation(turns: readonly (readonly [number, number])[], random: Random) {
  const means = Array.from({ length: 6 }, () => Float32Array.from({ length: DIMENSIONS }, () => 3 * gaussian(random)));
  const voices = turns.flatMap(([voice, count]) => Array.from({ length: count }, () => voice));
  const vectors = voices.map((voice) => means[voice]!.map((mean) => mean + gaussian(random)));
  return { voices, vectors };
}

/** @returns [voices] number of vectors that are most likely of each */
function vectorsOf(chances: readonly Float64Array[]): number[] {
  const counts = chances.map(() => 0);
  for (let index = 0; index < chances[0]!.length; index++) {
    const column = chances.map((own) => own[index]!);
    counts[column.indexOf(Math.max(...column))]!++;
  }
  return counts;
}

describe('inferVoices', () => {
  it.each([1, 2, 3, 5])('finds that there are %d voices, from a clustering into eight', (count) => {
    const random = new Random(count);
    const turns = Array.from({ length: 24 }, (_, turn) => [turn % count, 15] as const);
    const { voices, vectors } = conversation(turns, random);
    // Voices are split, and a quarter of the vectors is with another one.
    const start = voices.map((voice, index) =>
      index % 4 === 0 ? random.integer(8) : index % 3 === 0 ? 7 - voice : voice,
    );
    const chances = inferVoices(vectors, start, VARIANCES, PRIOR_WEIGHT);
    expect(chances).toHaveLength(8);
    expect(vectorsOf(chances).filter((own) => own > 0)).toHaveLength(count);
    for (const [index, voice] of voices.entries()) {
      const same = chances.reduce((sum, own) => sum + own[index]! * own[voices.indexOf(voice)]!, 0);
      expect(same).toBeGreaterThan(0.5);
    }
  });

  it('returns probabilities, also for far vectors and for one', () => {
    const far = [Float32Array.from({ length: DIMENSIONS }, () => 1e3), new Float32Array(DIMENSIONS)];
    for (const vectors of [far, far.slice(1)]) {
      const chances = inferVoices(
        vectors,
        vectors.map((_, index) => index),
        VARIANCES,
        PRIOR_WEIGHT,
      );
      for (let index = 0; index < vectors.length; index++)
        expect(chances.reduce((sum, own) => sum + own[index]!, 0)).toBeCloseTo(1, 9);
    }
  });

  it('has fewer voices with a heavier prior', () => {
    const random = new Random(9);
    const { vectors } = conversation(
      Array.from({ length: 12 }, (_, turn) => [turn % 3, turn % 3 === 2 ? 2 : 20] as const),
      random,
    );
    const start = vectors.map(() => random.integer(8));
    const count = (weight: number) =>
      vectorsOf(inferVoices(vectors, start, VARIANCES, weight)).filter((own) => own > 0).length;
    expect(count(1000)).toBeLessThan(count(1));
  });
});

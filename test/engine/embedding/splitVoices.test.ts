import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { similarity } from '../../../engine/embedding/similarity.ts';
import { splitVoices } from '../../../engine/embedding/splitVoices.ts';

const DIMENSIONS = 16;

/** Unit vector near an axis. */
function near(axis: number, spread: number, random: Random): Float32Array {
  const vector = Float32Array.from(
    { length: DIMENSIONS },
    (_, index) => (index === axis ? 1 : 0) + spread * random.between(-1, 1),
  );
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

describe('splitVoices', () => {
  it('finds the stretches of the voice that is rarer, in any order', () => {
    const random = new Random(1);
    const voices = [3, 0, 3, 3, 0, 3, 3];
    const { isOther, separation } = splitVoices(voices.map((axis) => near(axis, 0.1, random)));
    expect(isOther).toEqual(voices.map((axis) => axis === 0));
    expect(separation).toBeGreaterThan(0.7);
  });

  it('finds a single stretch of another voice', () => {
    const random = new Random(2);
    const { isOther, separation } = splitVoices([1, 1, 5, 1].map((axis) => near(axis, 0.1, random)));
    expect(isOther).toEqual([false, false, true, false]);
    expect(separation).toBeGreaterThan(0.7);
  });

  it('compares two stretches with what is usual for one voice', () => {
    const random = new Random(5);
    expect(splitVoices([near(2, 0.1, random), near(2, 0.1, random)]).separation).toBeLessThan(0.1);
    expect(splitVoices([near(2, 0.1, random), near(3, 0.1, random)]).separation).toBeGreaterThan(0.7);
  });

  it('separates one voice hardly', () => {
    const random = new Random(3);
    expect(splitVoices(Array.from({ length: 20 }, () => near(2, 0.1, random))).separation).toBeLessThan(0.1);
  });

  it('has the separation that its definition says', () => {
    const random = new Random(4);
    const vectors = [0, 0, 0, 9, 9].map((axis) => near(axis, 0.3, random));
    const { isOther, separation } = splitVoices(vectors);
    expect(isOther).toEqual([false, false, false, true, true]);
    const mean = (pairs: readonly (readonly [number, number])[]) =>
      pairs.reduce((sum, [one, other]) => sum + similarity(vectors[one]!, vectors[other]!), 0) / pairs.length;
    const between = [0, 1, 2].flatMap((one) => [3, 4].map((other) => [one, other] as const));
    const expected =
      (mean([
        [0, 1],
        [0, 2],
        [1, 2],
      ]) +
        mean([[3, 4]])) /
        2 -
      mean(between);
    expect(separation).toBeCloseTo(expected, 5);
  });
});

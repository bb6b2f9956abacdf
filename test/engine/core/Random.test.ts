import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';

describe('Random', () => {
  it('generates the same sequence for the same seed, and another one for another seed', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => random.uniform());
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it('is uniform in [0, 1): mean 1/2, variance 1/12', () => {
    const random = new Random(1);
    const values = Array.from({ length: 100_000 }, () => random.uniform());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(mean).toBeCloseTo(1 / 2, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it('samples without repetition', () => {
    const sample = new Random(9).sample(40, 40);
    expect(new Set(sample).size).toBe(40);
    expect(Math.max(...new Random(9).sample(40, 7))).toBeLessThan(40);
  });

  it('draws every element, and rejects an empty list', () => {
    const random = new Random(3);
    expect(new Set(Array.from({ length: 100 }, () => random.element(['a', 'b', 'c'])))).toEqual(
      new Set(['a', 'b', 'c']),
    );
    expect(() => random.element([])).toThrow('elements must contain at least one element, got 0');
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../../../engine/core/Random.ts';
import { measureIterations } from '../../../../host/lab/bench/iterationsToOptimum.ts';

describe('measureIterations', () => {
  it('the solver takes fewer iterations than multiplicative updates, and stops by itself near the optimum', () => {
    const random = new Random(1);
    const bins = 129;
    const templates = Float32Array.from({ length: 16 * bins }, () => random.uniform() ** 4 + 1e-3);
    const magnitudes = new Float32Array(30 * bins);
    for (let at = 0; at < magnitudes.length; at++) {
      const frame = Math.floor(at / bins);
      const template = Math.floor(frame / 4);
      const mixed = templates[template * bins + (at % bins)]! + templates[(template + 5) * bins + (at % bins)]!;
      magnitudes[at] = mixed * random.between(0.5, 1.5);
    }
    const counted = measureIterations({ bins, magnitudes, templates }, () => {});
    expect(counted.frames).toBeGreaterThan(50);
    expect(counted.iterations.median).toBeLessThan(counted.multiplicativeUpdates.median);
    expect(counted.adaptive.meanIterations).toBeLessThan(40);
    expect(counted.adaptive.meanGap).toBeLessThan(0.03);
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { klDivergence } from '../../../engine/factorization/divergence.ts';
import { Nmf } from '../../../engine/factorization/Nmf.ts';
import { KERNEL_VARIANTS, Kernel, type KernelVariant } from '../../../engine/kernel/Kernel.ts';

const random = new Random(2);
const frames = 26;
const bins = 45;
const templates = 6;
const magnitudes = Float32Array.from({ length: frames * bins }, () => random.uniform() ** 3);
const startTemplates = Float32Array.from({ length: templates * bins }, () => random.between(0.1, 1));
const startActivations = Float32Array.from({ length: frames * templates }, () => random.between(0.1, 1));

function create(variant?: KernelVariant): Nmf {
  const config = { frames, bins, templates };
  const nmf = new Nmf(new Kernel(Nmf.requiredBytes(config), variant), config, magnitudes);
  nmf.templates.set(startTemplates);
  nmf.activations.set(startActivations);
  return nmf;
}

/** The multiplicative updates of Lee and Seung, activations first, as stated in the paper. */
function referenceUpdate(w: Float64Array, h: Float64Array): void {
  const ratios = () => {
    const values = new Float64Array(frames * bins);
    for (let t = 0; t < frames; t++) {
      for (let f = 0; f < bins; f++) {
        let model = 0;
        for (let k = 0; k < templates; k++) model += h[t * templates + k]! * w[k * bins + f]!;
        values[t * bins + f] = magnitudes[t * bins + f]! / model;
      }
    }
    return values;
  };
  let r = ratios();
  for (let k = 0; k < templates; k++) {
    let column = 0;
    for (let f = 0; f < bins; f++) column += w[k * bins + f]!;
    for (let t = 0; t < frames; t++) {
      let numerator = 0;
      for (let f = 0; f < bins; f++) numerator += w[k * bins + f]! * r[t * bins + f]!;
      h[t * templates + k]! *= numerator / column;
    }
  }
  r = ratios();
  for (let k = 0; k < templates; k++) {
    let row = 0;
    for (let t = 0; t < frames; t++) row += h[t * templates + k]!;
    for (let f = 0; f < bins; f++) {
      let numerator = 0;
      for (let t = 0; t < frames; t++) numerator += h[t * templates + k]! * r[t * bins + f]!;
      w[k * bins + f]! *= numerator / row;
    }
  }
}

describe.each(KERNEL_VARIANTS.filter((variant) => Kernel.runs(variant)))('Nmf (%s)', (variant) => {
  it('equals the updates of Lee and Seung step by step', () => {
    const nmf = create(variant);
    const w = Float64Array.from(startTemplates);
    const h = Float64Array.from(startActivations);
    for (let step = 0; step < 10; step++) {
      nmf.update(1, 'both');
      referenceUpdate(w, h);
    }
    for (let at = 0; at < w.length; at++)
      expect(Math.abs(nmf.templates[at]! - w[at]!) / (w[at]! + 1e-3)).toBeLessThan(1e-3);
    for (let at = 0; at < h.length; at++)
      expect(Math.abs(nmf.activations[at]! - h[at]!) / (h[at]! + 1e-3)).toBeLessThan(1e-3);
  });

  it('never increases the divergence, and leaves the templates unchanged when only activations are updated', () => {
    const nmf = create(variant);
    let last = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 30; step++) {
      nmf.update(1, step % 2 === 0 ? 'both' : 'activations');
      const divergence = nmf.divergence();
      expect(divergence).toBeLessThanOrEqual(last * (1 + 1e-6));
      last = divergence;
    }
    const before = nmf.templates.slice();
    nmf.update(5, 'activations');
    nmf.templates.forEach((value, at) => {
      expect(value).toBeCloseTo(before[at]!, 6);
    });
  });
});

describe('klDivergence', () => {
  it('is zero for equal arguments and positive otherwise (Lee and Seung 2001, eq. 3)', () => {
    expect(klDivergence([1, 2, 0], [1, 2, 0])).toBeCloseTo(0, 9);
    expect(klDivergence([1, 2], [2, 1])).toBeCloseTo(Math.log(1 / 2) + 1 + 2 * Math.log(2) - 1, 12);
  });
});

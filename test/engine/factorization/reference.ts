import { klDivergence } from '../../../engine/factorization/divergence.ts';

/** Activations by the multiplicative update of Lee and Seung as stated in the paper, in float64. */
export function referenceActivations(
  templates: Float32Array,
  magnitudes: ArrayLike<number>,
  updates: number,
): Float64Array {
  const bins = magnitudes.length;
  const count = templates.length / bins;
  const activations = new Float64Array(count).fill(1);
  for (let update = 0; update < updates; update++) {
    const model = referenceModel(templates, activations, bins);
    for (let k = 0; k < count; k++) {
      let numerator = 0;
      let denominator = 0;
      for (let bin = 0; bin < bins; bin++) {
        numerator += (templates[k * bins + bin]! * magnitudes[bin]!) / Math.max(1e-300, model[bin]!);
        denominator += templates[k * bins + bin]!;
      }
      activations[k]! *= denominator > 0 ? numerator / denominator : 0;
    }
  }
  return activations;
}

export function referenceModel(templates: Float32Array, activations: ArrayLike<number>, bins: number): Float64Array {
  const model = new Float64Array(bins);
  for (let k = 0; k < templates.length / bins; k++) {
    for (let bin = 0; bin < bins; bin++) model[bin]! += activations[k]! * templates[k * bins + bin]!;
  }
  return model;
}

export function divergenceOf(
  templates: Float32Array,
  magnitudes: ArrayLike<number>,
  activations: ArrayLike<number>,
): number {
  return klDivergence(magnitudes, referenceModel(templates, activations, magnitudes.length));
}

/**
 * Baseline: Lee and Seung's multiplicative updates of the activations of one frame, written as in a textbook, in plain loops over
 * Float32Array.
 * @param templates [templates x bins]
 * @param activations [templates], updated
 */
export function textbookUpdates(
  templates: Float32Array,
  magnitudes: Float32Array,
  activations: Float32Array,
  updates: number,
): void {
  const bins = magnitudes.length;
  const model = new Float32Array(bins);
  for (let update = 0; update < updates; update++) {
    for (let bin = 0; bin < bins; bin++) {
      let sum = 0;
      for (let k = 0; k < activations.length; k++) sum += templates[k * bins + bin]! * activations[k]!;
      model[bin] = sum;
    }
    for (let k = 0; k < activations.length; k++) {
      let numerator = 0;
      let denominator = 0;
      for (let bin = 0; bin < bins; bin++) {
        numerator += (templates[k * bins + bin]! * magnitudes[bin]!) / Math.max(1e-12, model[bin]!);
        denominator += templates[k * bins + bin]!;
      }
      activations[k] = (activations[k]! * numerator) / denominator;
    }
  }
}

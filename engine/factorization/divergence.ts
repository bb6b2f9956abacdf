/** Below this a model counts as silence; what is modelled as silence costs much, but not infinitely. */
const MODEL_FLOOR = 1e-12;

/**
 * Generalised Kullback-Leibler divergence, sum of v log(v / m) - v + m (Lee and Seung 2001, eq. 3).
 * @param magnitudes [n] v >= 0
 * @param model [n] m >= 0
 */
export function klDivergence(magnitudes: ArrayLike<number>, model: ArrayLike<number>): number {
  let divergence = 0;
  for (let index = 0; index < magnitudes.length; index++) {
    const value = magnitudes[index]!;
    const modelled = Math.max(MODEL_FLOOR, model[index]!);
    divergence += (value > 0 ? value * Math.log(value / modelled) : 0) - value + modelled;
  }
  return divergence;
}

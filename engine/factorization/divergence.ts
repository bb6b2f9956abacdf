/** Lower bound of a model: keeps the divergence finite where a positive magnitude is modelled as silence. */
export const MODEL_FLOOR = 1e-12;

/**
 * Generalised Kullback-Leibler divergence, sum of v log(v / m) - v + m (Lee and Seung 2001, eq. 3), in the units of v.
 * @param magnitudes [n] v >= 0
 * @param model [n] m >= 0
 */
export function klDivergence(magnitudes: ArrayLike<number>, model: ArrayLike<number>): number {
  let divergence = 0;
  for (let index = 0; index < magnitudes.length; index++) {
    divergence += klDivergenceTerm(magnitudes[index]!, Math.max(MODEL_FLOOR, model[index]!));
  }
  return divergence;
}

/** v log(v / m) - v + m for one value. @param value v >= 0 @param model m > 0 */
export function klDivergenceTerm(value: number, model: number): number {
  return (value > 0 ? value * Math.log(value / model) : 0) - value + model;
}

/**
 * The most likely sequence of states (Viterbi).
 * @param likelihoods [steps x states] logarithms of the likelihood of each state; NaN says nothing about it
 * @param states 1 or more
 * @param cost logarithm of the odds by which a change between two states is less likely than going on
 * @returns [steps] index of the state
 */
export function mostLikelyPath(
  likelihoods: Float32Array,
  states: number,
  cost: (from: number, to: number) => number,
): Uint8Array {
  const steps = likelihoods.length / states;
  const path = new Uint8Array(steps);
  if (steps === 0) return path;
  const costs = Float64Array.from({ length: states * states }, (_, index) =>
    cost(Math.floor(index / states), index % states),
  );
  const origins = new Uint8Array(likelihoods.length);
  const known = likelihoods.map((value) => (Number.isNaN(value) ? 0 : value));
  let reached = Float64Array.from(known.subarray(0, states));
  for (let step = 1; step < steps; step++) {
    const next = new Float64Array(states);
    for (let state = 0; state < states; state++) {
      let best = reached[state]!;
      let origin = state;
      for (let before = 0; before < states; before++) {
        if (before === state) continue;
        const changed = reached[before]! - costs[before * states + state]!;
        if (changed <= best) continue;
        best = changed;
        origin = before;
      }
      next[state] = best + known[step * states + state]!;
      origins[step * states + state] = origin;
    }
    reached = next;
  }
  path[steps - 1] = reached.indexOf(Math.max(...reached));
  for (let step = steps - 1; step > 0; step--) path[step - 1] = origins[step * states + path[step]!]!;
  return path;
}

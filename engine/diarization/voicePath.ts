/** Logarithm of the odds by which a change of voice, or between a voice and silence, is less likely than going on. */
const VOICE_CHANGE_COST = 10;
const PAUSE_COST = 5;

/**
 * The most likely sequence of voices and silence (Viterbi).
 * @param likelihoods [blocks x (voices + 1)] logarithms of the likelihood of each voice and, last, of silence
 * @param voices 1 or more
 * @returns [blocks] index of the voice; `voices` for silence
 */
export function voicePath(likelihoods: Float32Array, voices: number): Uint8Array {
  const states = voices + 1;
  const blocks = likelihoods.length / states;
  const path = new Uint8Array(blocks);
  if (blocks === 0) return path;
  const origins = new Uint8Array(likelihoods.length);
  let reached = Float64Array.from(likelihoods.subarray(0, states));
  for (let block = 1; block < blocks; block++) {
    const next = new Float64Array(states);
    for (let state = 0; state < states; state++) {
      let best = reached[state]!;
      let origin = state;
      for (let before = 0; before < states; before++) {
        if (before === state) continue;
        const cost = before === voices || state === voices ? PAUSE_COST : VOICE_CHANGE_COST;
        if (reached[before]! - cost <= best) continue;
        best = reached[before]! - cost;
        origin = before;
      }
      next[state] = best + likelihoods[block * states + state]!;
      origins[block * states + state] = origin;
    }
    reached = next;
  }
  path[blocks - 1] = reached.indexOf(Math.max(...reached));
  for (let block = blocks - 1; block > 0; block--) path[block - 1] = origins[block * states + path[block]!]!;
  return path;
}

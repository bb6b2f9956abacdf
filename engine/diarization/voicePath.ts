import { mostLikelyPath } from './mostLikelyPath.ts';

/** Logarithm of the odds by which a change of voice, or between a voice and silence, is less likely than going on. */
const VOICE_CHANGE_COST = 10;
const PAUSE_COST = 5;

/**
 * The most likely sequence of voices and silence.
 * @param likelihoods [blocks x (voices + 1)] logarithms of the likelihood of each voice and, last, of silence
 * @param voices 1 or more
 * @returns [blocks] index of the voice; `voices` for silence
 */
export function voicePath(likelihoods: Float32Array, voices: number): Uint8Array {
  return mostLikelyPath(likelihoods, voices + 1, (from, to) =>
    from === voices || to === voices ? PAUSE_COST : VOICE_CHANGE_COST,
  );
}

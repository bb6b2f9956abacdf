import { similarity } from '../embedding/similarity.ts';

/** Least similarity of two embeddings of one person. */
const LEAST_SIMILARITY = 0.8;
/** A match must be more similar by so much than any other of either voice. */
const LEAST_LEAD = 0.05;

/**
 * Recognises voices of a recording by embeddings of known people. Only matches that are certain are returned, each person at most once.
 * @param voices [voices] embeddings of unit length
 * @param known [people] embeddings of unit length
 * @returns [voices] index of the person; null: not known
 */
export function recognizeVoices(
  voices: readonly Float32Array[],
  known: readonly Float32Array[],
  leastSimilarity = LEAST_SIMILARITY,
  leastLead = LEAST_LEAD,
): (number | null)[] {
  const similarities = voices.map((voice) => known.map((person) => similarity(voice, person)));
  return similarities.map((row, voice) => {
    const best = Math.max(...row);
    if (best < leastSimilarity) return null;
    const person = row.indexOf(best);
    const rivals = [
      ...row.filter((_, other) => other !== person),
      ...similarities.filter((_, other) => other !== voice).map((other) => other[person]!),
    ];
    return rivals.every((rival) => best - rival >= leastLead && rival < best) ? person : null;
  });
}

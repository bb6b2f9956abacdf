import { similarity } from '../embedding/similarity.ts';

/** What makes a match certain. */
export interface RecognitionLimits {
  /** Least cosine similarity of the embeddings of a voice and a person, -1 to 1. */
  readonly leastSimilarity: number;
  /** Least difference to the similarity of the voice to any other person, and of the person to any other voice. */
  readonly leastLead: number;
}

/** With 20 people in the library, 0.6 % of strangers are named: see test/experiments/quality/diarization. */
const RECOGNITION_LIMITS: RecognitionLimits = { leastSimilarity: 0.92, leastLead: 0.03 };

/**
 * Recognises voices of a recording by embeddings of known people. Only matches that are certain are returned, each person at most once.
 * @param voices [voices] embeddings of unit length
 * @param people [people] embeddings of unit length
 * @returns [voices] index of the person; null: not known
 */
export function recognizeVoices(
  voices: readonly Float32Array[],
  people: readonly Float32Array[],
  { leastSimilarity, leastLead } = RECOGNITION_LIMITS,
): (number | null)[] {
  const similarities = voices.map((voice) => people.map((person) => similarity(voice, person)));
  return similarities.map((row, voice) => {
    const best = Math.max(...row);
    if (best < leastSimilarity) return null;
    const person = row.indexOf(best);
    const rivals = [
      ...row.filter((_, other) => other !== person),
      ...similarities.filter((_, other) => other !== voice).map((other) => other[person]!),
    ];
    return rivals.every((rival) => best - rival >= leastLead) ? person : null;
  });
}

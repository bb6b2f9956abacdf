export interface WordErrors {
  /** Words of the reference. */
  readonly words: number;
  /** Smallest number of substituted, deleted and inserted words that turns the reference into the hypothesis. */
  readonly errors: number;
}

/** Compares a transcript with what was said (Levenshtein distance in words). Case and punctuation other than apostrophes do not count. */
export function wordErrors(reference: string, hypothesis: string): WordErrors {
  const [said, recognized] = [wordsOf(reference), wordsOf(hypothesis)];
  // Distance of the words so far from each beginning of `recognized`.
  let distances = Array.from({ length: recognized.length + 1 }, (_, count) => count);
  for (const [row, word] of said.entries()) {
    const next = [row + 1];
    for (const [column, other] of recognized.entries()) {
      const substituted = distances[column]! + (word === other ? 0 : 1);
      next.push(Math.min(substituted, distances[column + 1]! + 1, next[column]! + 1));
    }
    distances = next;
  }
  return { words: said.length, errors: distances[recognized.length]! };
}

/** Word error rate of several utterances together: their errors over their words. Inserted words can raise it above 1. */
export function wordErrorRate(utterances: readonly WordErrors[]): number {
  const total = (name: keyof WordErrors) => utterances.reduce((sum, utterance) => sum + utterance[name], 0);
  return total('errors') / total('words');
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

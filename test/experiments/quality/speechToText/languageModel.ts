import { wordsOf } from './wordErrors.ts';

/** Subtracted from each count, which leaves probability for unseen pairs of words (Ney, Essen and Kneser 1994). */
const DISCOUNT = 0.5;
/** Stands for a probability of 0. */
const NEVER = -99;
const [START, END] = ['<s>', '</s>'];

type Counts = Map<string, number>;

/**
 * Bigram model of some sentences, as a text in ARPA format: a recogniser that reads it expects these words, and their pairs rather than
 * others.
 * @param isKnown whether the recogniser can pronounce a word; others are left out
 */
export function bigramModel(sentences: readonly string[], isKnown: (word: string) => boolean): string {
  const single: Counts = new Map();
  const pairs = new Map<string, Counts>();
  for (const sentence of sentences) {
    const words = [START, ...wordsOf(sentence).filter(isKnown), END];
    for (const [place, word] of words.entries()) {
      count(single, word);
      const before = words[place - 1];
      if (before === undefined) continue;
      const row = pairs.get(before) ?? new Map();
      count(row, word);
      pairs.set(before, row);
    }
  }
  const total = totalOf(single) - (single.get(START) ?? 0);
  const chance = (word: string) => (word === START ? 0 : (single.get(word) ?? 0) / total);
  const unigrams = [...single.keys()].map((word) => {
    const row = pairs.get(word) ?? new Map();
    const seen = [...row.keys()].reduce((sum, next) => sum + chance(next), 0);
    const left = row.size === 0 ? 1 : (DISCOUNT * row.size) / totalOf(row) / (1 - seen);
    return `${logarithm(chance(word))} ${word} ${logarithm(left)}`;
  });
  const bigrams = [...pairs].flatMap(([word, row]) =>
    [...row].map(([next, times]) => `${logarithm((times - DISCOUNT) / totalOf(row))} ${word} ${next}`),
  );
  const sizes = [`ngram 1=${unigrams.length}`, `ngram 2=${bigrams.length}`];
  return ['\\data\\', ...sizes, '', '\\1-grams:', ...unigrams, '', '\\2-grams:', ...bigrams, '', '\\end\\', ''].join(
    '\n',
  );
}

function count(counts: Counts, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

function totalOf(counts: Counts): number {
  return [...counts.values()].reduce((sum, times) => sum + times, 0);
}

function logarithm(probability: number): string {
  return Math.max(NEVER, Math.log10(probability)).toFixed(4);
}

import { expect, it } from 'vitest';
import { bigramModel } from './languageModel.ts';

const SENTENCES = ['the cat sat', 'the dog sat', 'a cat saw the dog', 'zzyzx sat'];

/** @returns probabilities and back-off weights that an ARPA text states, by words */
function parse(text: string) {
  const probabilities = new Map<string, number>();
  const weights = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [first, ...words] = line.split(' ');
    if (words.length === 0 || Number.isNaN(Number(first))) continue;
    const weight = words.length === 2 && /^-?[\d.]+$/.test(words[1]!) ? words.pop() : undefined;
    probabilities.set(words.join(' '), 10 ** Number(first));
    if (weight !== undefined) weights.set(words[0]!, 10 ** Number(weight));
  }
  return { probabilities, weights };
}

it('after each word, the probabilities of all words sum to 1', () => {
  const { probabilities, weights } = parse(bigramModel(SENTENCES, (word) => word !== 'zzyzx'));
  const words = [...probabilities.keys()].filter((key) => !key.includes(' '));
  expect(words).not.toContain('zzyzx');
  for (const word of words.filter((each) => each !== '</s>')) {
    const chance = (next: string) =>
      probabilities.get(`${word} ${next}`) ?? weights.get(word)! * probabilities.get(next)!;
    expect(words.reduce((sum, next) => sum + chance(next), 0)).toBeCloseTo(1, 2);
  }
  expect(probabilities.get('the dog')).toBeGreaterThan(probabilities.get('dog')!);
});

it('states the number of its entries, by which a recogniser reads it', () => {
  const text = bigramModel(SENTENCES, () => true);
  const [single, pairs] = ['\\1-grams:', '\\2-grams:'].map((title) => text.split(`${title}\n`)[1]!.split('\n\n')[0]!);
  expect(text).toContain(`ngram 1=${single!.split('\n').length}\nngram 2=${pairs!.split('\n').length}\n`);
});

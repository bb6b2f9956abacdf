import type { LiveState } from '../../host/protocol/LiveState.ts';
import { currentTexts } from '../texts/useTexts.ts';

export interface SimilarVoice {
  readonly name: string;
  /** Of the templates: 0 (nothing in common) to 1 (the same). */
  readonly similarity: number;
  /** What to expect of the separation. */
  readonly words: string;
}

/** Which other loaded speaker is most similar to a loaded one; null if that is not loaded or is the only one. */
export function mostSimilarVoice({ settings, similarity }: LiveState, name: string): SimilarVoice | null {
  const names: readonly string[] = settings.speakers.map(({ preset }) => preset);
  const slot = names.indexOf(name);
  if (slot < 0 || names.length < 2 || similarity.length !== names.length ** 2) return null;
  const row = similarity.slice(slot * names.length, (slot + 1) * names.length);
  let most: Omit<SimilarVoice, 'words'> | null = null;
  for (const [index, other] of names.entries()) {
    const value = row[index] ?? 0;
    if (index !== slot && (most === null || value > most.similarity)) most = { name: other, similarity: value };
  }
  return most === null ? null : { ...most, words: expectation(most.similarity) };
}

function expectation(similarity: number): string {
  const { low, medium, high } = currentTexts().model.similarity;
  if (similarity < 0.65) return low;
  return similarity < 0.8 ? medium : high;
}

import type { LiveState } from '../../host/protocol/LiveState.ts';
import { currentTexts } from '../texts/useTexts.ts';

export interface Separability {
  /** 0 (same templates) to 1 (nothing in common). */
  readonly share: number;
  /** The most similar of the other loaded speakers. */
  readonly other: string;
  readonly words: string;
}

/** Separability of a loaded speaker from the most similar other one; null if it is not loaded or is the only one. */
export function separability({ settings, similarity }: LiveState, name: string): Separability | null {
  const names: readonly string[] = settings.speakers.map(({ preset }) => preset);
  const slot = names.indexOf(name);
  if (slot < 0 || names.length < 2 || similarity.length !== names.length ** 2) return null;
  const row = similarity.slice(slot * names.length, (slot + 1) * names.length);
  let most: { readonly other: string; readonly similarity: number } | null = null;
  for (const [index, other] of names.entries()) {
    const value = row[index] ?? 0;
    if (index !== slot && (most === null || value > most.similarity)) most = { other, similarity: value };
  }
  if (most === null) return null;
  const share = 1 - most.similarity;
  return { share, other: most.other, words: separabilityWords(share) };
}

function separabilityWords(share: number): string {
  const { good, fair, poor } = currentTexts().model.separability;
  if (share > 0.35) return good;
  return share > 0.2 ? fair : poor;
}

import type { LiveState } from '../../host/protocol/LiveState.ts';

export interface Separability {
  /** 1: nothing in common. 0: the same templates. */
  readonly share: number;
  readonly other: string;
  readonly words: string;
}

/** How well a loaded speaker's templates stand apart from the most alike of the others; null where there is no other. */
export function separability({ settings, similarity }: LiveState, name: string): Separability | null {
  const names = settings.speakers.map(({ preset }) => preset);
  const slot = names.indexOf(name);
  if (slot < 0 || names.length < 2 || similarity.length !== names.length ** 2) return null;
  let most = -1;
  for (let other = 0; other < names.length; other++) {
    if (other === slot) continue;
    if (most < 0 || similarity[slot * names.length + other]! > similarity[slot * names.length + most]!) most = other;
  }
  const share = 1 - similarity[slot * names.length + most]!;
  return { share, other: names[most]!, words: separabilityWords(share) };
}

export function separabilityWords(share: number): string {
  if (share > 0.35) return 'Separates well.';
  return share > 0.2 ? 'Separates, with some leakage.' : 'Alike: expect leakage.';
}

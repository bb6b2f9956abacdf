import type { Strip } from '../../host/protocol/LiveState.ts';

/** Track of the mixture; the voices' tracks count from 0, and the rest follows them. */
export const MIXTURE_TRACK = -1;

/** Which sound plays: the recording as it is, or its separated tracks. */
export type Listening = 'mixture' | 'tracks';

export const UNITY_STRIP: Strip = { gainDecibels: 0, isMuted: false, isSoloed: false };

/**
 * Linear gain of each track. Mixture and tracks play in sync all the time, so that changing between them is instant.
 * @param strips of the voices and, after them, the rest
 */
export function trackGains(listening: Listening, strips: readonly Strip[]): ReadonlyMap<number, number> {
  const isAnySoloed = strips.some(({ isSoloed }) => isSoloed);
  const gains = new Map([[MIXTURE_TRACK, listening === 'mixture' ? 1 : 0]]);
  for (const [track, { gainDecibels, isMuted, isSoloed }] of strips.entries()) {
    const isAudible = listening === 'tracks' && !isMuted && (isSoloed || !isAnySoloed);
    gains.set(track, isAudible ? 10 ** (gainDecibels / 20) : 0);
  }
  return gains;
}

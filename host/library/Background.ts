import { type AdaptationLibrary, BACKGROUND_PRESET } from './AdaptationLibrary.ts';

export interface Background {
  /** Presets to load: the known voices, then the background where it helps. */
  readonly names: readonly string[];
  readonly isLoaded: boolean;
  /** Why it is not; null where it is. */
  readonly reason: string | null;
}

/**
 * One known voice against anything else. The background is worth loading only adapted to the voice: as it is, it takes more of the
 * voice than it takes away of others.
 * @param names of the known voices, or paths
 * @throws InputError for presets that are none
 */
export async function withBackground(speakerSets: AdaptationLibrary, names: readonly string[]): Promise<Background> {
  const without = (reason: string): Background => ({ names, isLoaded: false, reason });
  if (names.length !== 1) return without('the background is for one known voice');
  const all = [...names, BACKGROUND_PRESET];
  const source = await speakerSets.source(all);
  const isAdaptable = source.adaptable !== null || (await speakerSets.find(source)) !== null;
  return isAdaptable ? { names: all, isLoaded: true, reason: null } : without(source.reason ?? '');
}

import { type AdaptationLibrary, BACKGROUND_PRESET } from './AdaptationLibrary.ts';

export interface Background {
  /** Presets to load: the known voices, followed by the background if `isLoaded`. */
  readonly names: readonly string[];
  readonly isLoaded: boolean;
  /** Why the background is not loaded; null if it is. */
  readonly reason: string | null;
}

/**
 * Adds the background preset to one known voice, to separate that voice from everything else, provided that the two can be adapted:
 * an unadapted background removes more of the voice than of other sounds.
 * @param names names of the known voices, or paths of preset files
 * @throws InputError for a preset that cannot be read
 */
export async function withBackground(adaptations: AdaptationLibrary, names: readonly string[]): Promise<Background> {
  const without = (reason: string): Background => ({ names, isLoaded: false, reason });
  if (names.length !== 1) return without('the background works with exactly one known voice');
  const all = [...names, BACKGROUND_PRESET];
  const source = await adaptations.source(all);
  const isAdaptable = source.adaptable !== null || (await adaptations.find(source)) !== null;
  return isAdaptable ? { names: all, isLoaded: true, reason: null } : without(source.reason ?? '');
}

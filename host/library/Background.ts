import { type AdaptationLibrary, BACKGROUND_PRESET } from './AdaptationLibrary.ts';

export interface Background {
  /** Presets to load: the known voices, then the background if it is loaded. */
  readonly names: readonly string[];
  readonly isLoaded: boolean;
  /** Why the background is not loaded; null if it is. */
  readonly reason: string | null;
}

/**
 * Adds the background to one known voice. It is loaded only if it can be adapted to the voice: unadapted, it removes more of the voice than
 * of the other sounds.
 * @param names preset names or paths of the known voices
 * @throws InputError for an unknown or broken preset
 */
export async function withBackground(speakerSets: AdaptationLibrary, names: readonly string[]): Promise<Background> {
  const without = (reason: string): Background => ({ names, isLoaded: false, reason });
  if (names.length !== 1) return without('the background is for one known voice');
  const all = [...names, BACKGROUND_PRESET];
  const source = await speakerSets.source(all);
  const isAdaptable = source.adaptable !== null || (await speakerSets.find(source)) !== null;
  return isAdaptable ? { names: all, isLoaded: true, reason: null } : without(source.reason ?? '');
}

import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { BACKGROUND_PRESET } from '../../engine/model/adaptationRecipe.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { AdaptationLibrary } from './AdaptationLibrary.ts';
import type { PresetFile, PresetLibrary } from './PresetLibrary.ts';

export interface Background {
  /** Presets to load: the known voices, followed by the background if `isLoaded`. */
  readonly voices: readonly PresetFile[];
  readonly isLoaded: boolean;
  /** Why the background is not loaded; null if it is. */
  readonly reason: string | null;
}

/**
 * Adds the background preset to known voices, to separate them from everything else, provided that they can be adapted to it: an unadapted
 * background removes more of the voices than of other sounds.
 * @param voices the known voices
 * @throws InputError if the background preset cannot be read
 */
export async function withBackground(library: PresetLibrary, voices: readonly PresetFile[]): Promise<Background> {
  const without = (reason: string): Background => ({ voices, isLoaded: false, reason });
  if (voices.length >= MAXIMUM_SPEAKERS)
    return without(`the background works with at most ${MAXIMUM_SPEAKERS - 1} known voices`);
  const all = [...voices, await library.byName(presetName(BACKGROUND_PRESET))];
  const adaptations = new AdaptationLibrary(library);
  const source = await adaptations.source(all);
  const isAdaptable = source.adaptable !== null || (await adaptations.find(source)) !== null;
  return isAdaptable ? { voices: all, isLoaded: true, reason: null } : without(source.reason ?? '');
}

import { type AdaptSpeakers, adaptedWithRest, type PreparedVoices } from '../../engine/recording/preparedVoices.ts';
import { withBackground } from '../library/Background.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';

/**
 * Loads voices adapted to each other, and to the background of the library, as `adaptedWithRest` does.
 * @param adapt called once or twice
 * @param onProgress as of `adaptedWithRest`
 * @throws InputError if the background preset cannot be read, and the errors of `adapt`
 */
export async function voicesWithRest(
  library: PresetLibrary,
  voices: readonly PresetFile[],
  adapt: AdaptSpeakers<PresetFile>,
  onProgress?: (fraction: number) => void,
): Promise<PreparedVoices> {
  return adaptedWithRest(voices, await withBackground(library, voices), adapt, onProgress);
}

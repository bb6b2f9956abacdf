import { type AdaptedSpeakers, adaptedWithRest, type PreparedVoices } from '../../engine/recording/preparedVoices.ts';
import { withBackground } from '../library/Background.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';

/**
 * Loads voices adapted to each other, and to the background of the library, as `adaptedWithRest` does.
 * @param adapt adapts speakers to each other; called once or twice
 * @throws InputError if the background preset cannot be read, and the errors of `adapt`
 */
export async function voicesWithRest(
  library: PresetLibrary,
  voices: readonly PresetFile[],
  adapt: (voices: readonly PresetFile[]) => Promise<AdaptedSpeakers>,
): Promise<PreparedVoices> {
  return adaptedWithRest(voices, await withBackground(library, voices), adapt);
}

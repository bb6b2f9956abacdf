import { type KnownVoice, knownVoice } from '../../engine/recording/namedVoices.ts';
import type { PresetLibrary } from '../library/PresetLibrary.ts';

/** Reads whom the user's own presets describe. Bundled presets are strangers. */
export async function knownVoices(library: PresetLibrary): Promise<KnownVoice[]> {
  return (await library.list()).flatMap(({ name, origin, preset }) => {
    const known = origin === 'own' && preset != null ? knownVoice({ ...preset, name }) : null;
    return known ?? [];
  });
}

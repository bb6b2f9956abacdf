import type { AdaptedPresets, JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { withBackground } from '../library/Background.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';

export interface AdaptedSpeakers {
  readonly adaptation: JointAdaptation | null;
  /** Why several speakers are not adapted; null if they are, or if there is only one. */
  readonly reason: string | null;
}

/** Voices as `separateFile` loads them. */
export interface PreparedVoices extends AdaptedSpeakers {
  readonly presets: readonly Preset[];
  readonly isLastBackground: boolean;
  /** See `FileSeparationOptions`. */
  readonly background: AdaptedPresets | null;
}

/**
 * Loads voices adapted to each other to separate them from the rest, too: one voice beside the background, or several, and besides them the
 * same with it.
 * @param library holds the background
 * @param adapt adapts speakers to each other; called once or twice
 * @throws InputError if the background preset cannot be read, and the errors of `adapt`
 */
export async function voicesWithRest(
  library: PresetLibrary,
  voices: readonly PresetFile[],
  adapt: (voices: readonly PresetFile[]) => Promise<AdaptedSpeakers>,
): Promise<PreparedVoices> {
  const alone = { presets: presetsOf(voices), isLastBackground: false, background: null };
  const beside = await withBackground(library, voices);
  if (voices.length === 1) {
    if (!beside.isLoaded) return { adaptation: null, reason: beside.reason, ...alone };
    const presets = presetsOf(beside.voices);
    return { ...(await adapt(beside.voices)), presets, isLastBackground: true, background: null };
  }
  const adapted = await adapt(voices);
  if (!beside.isLoaded) return { ...adapted, ...alone };
  const { adaptation } = await adapt(beside.voices);
  const background = adaptation === null ? null : { presets: presetsOf(beside.voices), adaptation };
  return { ...adapted, ...alone, background };
}

export function presetsOf(voices: readonly PresetFile[]): Preset[] {
  return voices.map(({ preset }) => preset);
}

import type { JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { withBackground } from '../library/Background.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import type { FileSeparationOptions } from './FileSeparation.ts';

export interface AdaptedSpeakers {
  readonly adaptation: JointAdaptation | null;
  /** Why several speakers are not adapted; null if they are, or if there is only one. */
  readonly reason: string | null;
}

/** Voices as `separateFile` loads them. */
export interface PreparedVoices extends AdaptedSpeakers {
  readonly presets: readonly Preset[];
  readonly isLastBackground: boolean;
  readonly competing: NonNullable<FileSeparationOptions['competing']> | null;
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
  const alone = { presets: presetsOf(voices), isLastBackground: false, competing: null };
  const background = await withBackground(library, voices);
  if (voices.length === 1) {
    if (!background.isLoaded) return { adaptation: null, reason: background.reason, ...alone };
    const presets = presetsOf(background.voices);
    return { ...(await adapt(background.voices)), presets, isLastBackground: true, competing: null };
  }
  const adapted = await adapt(voices);
  if (!background.isLoaded) return { ...adapted, ...alone };
  const { adaptation } = await adapt(background.voices);
  const competing = adaptation === null ? null : { presets: presetsOf(background.voices), adaptation };
  return { ...adapted, ...alone, competing };
}

export function presetsOf(voices: readonly PresetFile[]): Preset[] {
  return voices.map(({ preset }) => preset);
}

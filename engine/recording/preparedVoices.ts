import type { AdaptedPresets, JointAdaptation } from '../model/JointAdaptation.ts';
import type { Preset } from '../model/Preset.ts';

export interface AdaptedSpeakers {
  readonly adaptation: JointAdaptation | null;
  /** Why several speakers are not adapted; null if they are, or if there is only one. */
  readonly reason: string | null;
}

/** The presets of a separation, with what has been learnt of them together: input of `offlineSeparator`. */
export interface PreparedVoices extends AdaptedSpeakers {
  readonly presets: readonly Preset[];
  readonly isLastBackground: boolean;
  /** See `OfflineSeparatorOptions`. */
  readonly background: AdaptedPresets | null;
}

/** Voices followed by the background if `isLoaded`. */
interface VoicesBesideBackground<Voice> {
  readonly voices: readonly Voice[];
  readonly isLoaded: boolean;
  /** Why the background is not loaded; null if it is. */
  readonly reason: string | null;
}

/**
 * Adapts speakers to each other.
 * @param onProgress called with a fraction, 0 to 1
 */
export type AdaptSpeakers<Voice> = (
  voices: readonly Voice[],
  onProgress: (fraction: number) => void,
) => Promise<AdaptedSpeakers>;

/**
 * Adapts voices to each other, and to the background to separate them from the rest, too: one voice beside the background, or several, and
 * besides them the same with it.
 * @param beside the same voices with the background
 * @param adapt called once or twice
 * @param onProgress called with the fraction of all that is adapted, 0 to 1 @default not called
 * @throws the errors of `adapt`
 */
export async function adaptedWithRest<Voice extends { readonly preset: Preset }>(
  voices: readonly Voice[],
  beside: VoicesBesideBackground<Voice>,
  adapt: AdaptSpeakers<Voice>,
  onProgress: (fraction: number) => void = () => {},
): Promise<PreparedVoices> {
  const alone = { presets: presetsOf(voices), isLastBackground: false, background: null };
  if (voices.length === 1) {
    if (!beside.isLoaded) return { adaptation: null, reason: beside.reason, ...alone };
    const presets = presetsOf(beside.voices);
    return { ...(await adapt(beside.voices, onProgress)), presets, isLastBackground: true, background: null };
  }
  if (!beside.isLoaded) return { ...(await adapt(voices, onProgress)), ...alone };
  const adapted = await adapt(voices, (fraction) => onProgress(fraction / 2));
  const { adaptation } = await adapt(beside.voices, (fraction) => onProgress((1 + fraction) / 2));
  const background = adaptation === null ? null : { presets: presetsOf(beside.voices), adaptation };
  return { ...adapted, ...alone, background };
}

export function presetsOf(voices: readonly { readonly preset: Preset }[]): Preset[] {
  return voices.map(({ preset }) => preset);
}

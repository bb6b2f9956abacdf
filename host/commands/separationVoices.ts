import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import type { JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import { type Preset, presetHash } from '../../engine/model/Preset.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { AdaptationLibrary } from '../library/AdaptationLibrary.ts';
import { withBackground } from '../library/Background.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import type { FileSeparationOptions } from '../offline/FileSeparation.ts';
import type { CommandContext } from './CommandContext.ts';
import { commaSeparated } from './optionValues.ts';
import { readPresets } from './presetArgument.ts';

export interface AdaptedSpeakers {
  readonly adaptation: JointAdaptation | null;
  /** Why several speakers are not adapted; null if they are, or if there is only one. */
  readonly reason: string | null;
}

const UNADAPTED: AdaptedSpeakers = { adaptation: null, reason: null };

/**
 * Adapts the speakers to each other with a progress bar, or reads their adaptation from the library.
 * @throws InputError if the mixture cannot be read, before the adaptation starts
 */
export async function adaptSpeakers(
  { library, terminal, signal }: CommandContext,
  voices: readonly PresetFile[],
  mixturePath: string,
): Promise<AdaptedSpeakers> {
  const adaptations = new AdaptationLibrary(library);
  const source = await adaptations.source(voices);
  if (source.key === null) return { adaptation: null, reason: source.reason };
  await (await AudioFileReader.open(mixturePath)).close();
  const progress = terminal.progress('adapting');
  try {
    const kept = await adaptations.adapt(source, { signal, onProgress: (fraction) => progress.update(fraction) });
    return kept === null ? { adaptation: null, reason: source.reason } : { adaptation: kept.adaptation, reason: null };
  } finally {
    progress.stop();
  }
}

/** Reads the presets of `--speakers`. */
export async function loadSpeakers(
  { library, terminal }: CommandContext,
  texts: readonly string[],
): Promise<PresetFile[]> {
  const names = await commaSeparated('--speakers', texts);
  if (names.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`--speakers must be 1 to ${MAXIMUM_SPEAKERS} presets, got ${names.length}`);
  }
  const voices = await readPresets(library, names);
  const firstWith = new Map<string, Preset>();
  for (const { preset } of voices) {
    const twin = firstWith.get(presetHash(preset));
    if (twin === undefined) firstWith.set(presetHash(preset), preset);
    else
      terminal.notice(
        `"${twin.name}" and "${preset.name}" are the same voice and cannot be separated; each gets an equal share`,
      );
  }
  return voices;
}

export function presetsOf(voices: readonly PresetFile[]): Preset[] {
  return voices.map(({ preset }) => preset);
}

export interface PreparedVoices extends AdaptedSpeakers {
  readonly presets: readonly Preset[];
  readonly isLastBackground: boolean;
  readonly competing: NonNullable<FileSeparationOptions['competing']> | null;
}

/** Loads the voices adapted to each other. With --rest, one voice beside the background, or several, and besides them the same with it. */
export async function prepareVoices(
  context: CommandContext,
  voices: readonly PresetFile[],
  options: { readonly adaptation: boolean; readonly rest?: boolean },
  mixturePath: string,
): Promise<PreparedVoices> {
  const alone = { presets: presetsOf(voices), isLastBackground: false, competing: null };
  if (!options.adaptation) return { ...UNADAPTED, ...alone };
  if (options.rest !== true) return { ...(await adaptSpeakers(context, voices, mixturePath)), ...alone };
  const background = await withBackground(context.library, voices);
  if (voices.length === 1) {
    if (!background.isLoaded) return { adaptation: null, reason: background.reason, ...alone };
    const presets = presetsOf(background.voices);
    const adapted = await adaptSpeakers(context, background.voices, mixturePath);
    return { ...adapted, presets, isLastBackground: true, competing: null };
  }
  const adapted = await adaptSpeakers(context, voices, mixturePath);
  if (!background.isLoaded) return { ...adapted, ...alone };
  const { adaptation } = await adaptSpeakers(context, background.voices, mixturePath);
  const competing = adaptation === null ? null : { presets: presetsOf(background.voices), adaptation };
  return { ...adapted, ...alone, competing };
}

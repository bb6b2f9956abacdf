import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { type Preset, presetHash } from '../../engine/model/Preset.ts';
import { type AdaptedSpeakers, type PreparedVoices, presetsOf } from '../../engine/recording/preparedVoices.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { AdaptationLibrary } from '../library/AdaptationLibrary.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import { voicesWithRest } from '../offline/preparedVoices.ts';
import type { CommandContext } from './CommandContext.ts';
import { commaSeparated } from './optionValues.ts';
import { readPresets } from './presetArgument.ts';

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

/** Loads the voices adapted to each other, with --rest also to separate them from the rest. */
export async function prepareVoices(
  context: CommandContext,
  voices: readonly PresetFile[],
  options: { readonly adaptation: boolean; readonly rest?: boolean },
  mixturePath: string,
): Promise<PreparedVoices> {
  const alone = { presets: presetsOf(voices), isLastBackground: false, background: null };
  if (!options.adaptation) return { ...UNADAPTED, ...alone };
  const adapt = (speakers: readonly PresetFile[]) => adaptSpeakers(context, speakers, mixturePath);
  if (options.rest !== true) return { ...(await adapt(voices)), ...alone };
  return voicesWithRest(context.library, voices, adapt);
}

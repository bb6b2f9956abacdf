import { InputError } from '../../engine/core/errors.ts';
import { repeatedName } from '../../engine/model/PresetName.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import type { CommandContext } from './CommandContext.ts';
import { commaSeparated } from './optionValues.ts';
import { readPresets } from './presetArgument.ts';

/** Stands for a channel that belongs to nobody. */
const NOBODY = '-';

/**
 * Reads the value of `--per-channel`: a voice for each channel.
 * @returns [channels] presets; null for nobody
 * @throws InputError for a preset that is missing or named twice, or if there is no voice
 */
export async function channelVoices(
  { library }: Pick<CommandContext, 'library'>,
  texts: readonly string[],
): Promise<(PresetFile | null)[]> {
  const items = await commaSeparated('--per-channel', texts);
  const remaining = await readPresets(
    library,
    items.filter((item) => item !== NOBODY),
  );
  const names = remaining.map(({ preset }) => preset.name);
  const twice = repeatedName(names);
  if (twice !== null) throw new InputError(`--per-channel must name each speaker once, got "${twice}" twice`);
  if (names.length === 0) throw new InputError('--per-channel must name at least one speaker, got none');
  return items.map((item) => (item === NOBODY ? null : (remaining.shift() ?? null)));
}

import { Option } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { MOST_VOICES } from '../../engine/diarization/diarize.ts';
import { type PresetName, presetName, repeatedName } from '../../engine/model/PresetName.ts';
import { collect, commaSeparated, integerOption } from './optionValues.ts';

/** Parsed values of `voicesOption` and `namesOption`. */
export interface VoiceOptions {
  readonly voices: number | 'auto';
  readonly names?: readonly string[];
}

/** `--voices`, the same in every command that finds voices in a recording. */
export function voicesOption(): Option {
  const count = integerOption('--voices', 1, MOST_VOICES);
  return new Option('--voices <N|auto>', `number of people who speak, 1 to ${MOST_VOICES}, or auto: find out`)
    .argParser((text: string) => (text === 'auto' ? text : count(text)))
    .default('auto');
}

/** `--voices` of `live`. */
export function searchedVoicesOption(): Option {
  const count = integerOption('--voices', 1, MOST_VOICES);
  return new Option(
    '--voices <N|auto>',
    `without presets: listen, and give each of N voices (1 to ${MOST_VOICES}), or all that are told apart, a strip once it was alone for 8 s`,
  ).argParser((text: string) => (text === 'auto' ? text : count(text)));
}

/** `--names`, the same in every command that finds voices in a recording. */
export function namesOption(): Option {
  return new Option(
    '--names <A,B,...>',
    'names of the voices, in the order in which they first speak (default: those of your own presets that are recognised, else voice-1, voice-2, ...)',
  ).argParser(collect);
}

/**
 * @returns number of voices to look for, null: as many as are found; and their names, null: numbers
 * @throws InputError for a wrong name, or if --names and --voices contradict each other
 */
export async function readVoiceOptions({
  voices,
  names: texts,
}: VoiceOptions): Promise<{ readonly count: number | null; readonly names: readonly PresetName[] | null }> {
  const count = voices === 'auto' ? null : voices;
  if (texts === undefined) return { count, names: null };
  const names = (await commaSeparated('--names', texts)).map(presetName);
  const twin = repeatedName(names);
  if (twin !== null) throw new InputError(`--names must differ from each other, got "${twin}" twice`);
  if (count !== null && names.length !== count)
    throw new InputError(`--names must be one name for each of the ${count} voices of --voices, got ${names.length}`);
  if (names.length > MOST_VOICES)
    throw new InputError(`--names must be at most ${MOST_VOICES} names, got ${names.length}`);
  return { count: names.length, names };
}

import { Option } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import type { Hertz } from '../../engine/core/units.ts';
import { isSameName } from '../../engine/model/PresetName.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import { SAMPLE_RATE_RANGE_HERTZ } from '../protocol/fields.ts';
import { integerOption } from './optionValues.ts';

/** Parsed values of `stdoutOption` and `stdoutRateOption`. */
export interface StdoutOptions {
  /** Name of a loaded speaker, as `--speakers` names it or as its preset is called. */
  readonly stdout?: string;
  readonly stdoutRate: Hertz;
}

/** `--stdout`, the same in every command that separates. @param addition appended to its help text */
export function stdoutOption(addition = ''): Option {
  return new Option(
    '--stdout <speaker>',
    `write this speaker's voice to standard output, for another program: raw 16-bit PCM (s16le), mono, no header${addition}`,
  );
}

/** `--stdout-rate`. Its default does not depend on the input, since raw PCM does not state its rate; speech recognisers expect 16 kHz. */
export function stdoutRateOption(): Option {
  const { minimum, maximum } = SAMPLE_RATE_RANGE_HERTZ;
  return new Option('--stdout-rate <hertz>', 'sample rate of --stdout')
    .argParser(integerOption('--stdout-rate', minimum, maximum))
    .default(16_000);
}

/**
 * @param text of an option that names loaded voices, as --speakers does or by the names of their presets
 * @returns their slots: several for voices of the same name
 * @throws InputError if there is none
 */
export function loadedSlots(option: string, text: string, voices: readonly PresetFile[]): number[] {
  const slots = voices.flatMap(({ name, path }, slot) => (isSameName(text, name) || text === path ? [slot] : []));
  if (slots.length > 0) return slots;
  const names = voices.map(({ name }) => name);
  const loaded = names.length === 0 ? '--speakers names none' : `there are ${names.join(', ')}`;
  throw new InputError(`${option}: "${text}" is not in --speakers; ${loaded}`);
}

import type { Argument, Command, Option } from 'commander';
import { choicesOf } from './optionValues.ts';

/** Options whose values are presets, or lists of them. */
const PRESET_OPTIONS = ['--speakers', '--send-speakers', '--per-channel', '--stdout'];
/** The same for arguments, by command. */
const PRESET_ARGUMENTS: Readonly<Record<string, string>> = { adapt: 'speakers', show: 'name', remove: 'name' };

/** Place of the cursor in a command line. */
interface Place {
  readonly command: Command;
  /** The option whose value is being typed; null: none. */
  readonly option: Option | null;
  /** Number of arguments before the cursor. */
  readonly operands: number;
  /** Whether names of commands follow, as after `help`. */
  readonly isHelp: boolean;
}

/**
 * Finds what may stand at the cursor.
 * @param words the command line without the program's own name; the last one is being typed, and may be empty
 * @param presetNames names of all presets; called only if one may stand at the cursor
 * @returns words that begin with the last one; empty: none is known, or the name of a file is expected
 */
export async function completions(
  program: Command,
  words: readonly string[],
  presetNames: () => Promise<readonly string[]>,
): Promise<string[]> {
  const place = placeOf(program, words.slice(0, -1));
  const last = words.at(-1) ?? '';
  const [, long = '', typed = ''] = /^(--[^=]+)=(.*)$/s.exec(last) ?? [];
  const assigned = place.command.options.find((option) => option.long === long);
  if (assigned !== undefined) {
    return (await optionValues(assigned, typed, presetNames)).map((value) => `${long}=${value}`);
  }
  // bash passes the sign in --option=value as a word of its own.
  const partial = last === '=' ? '' : last;
  if (place.option !== null) return optionValues(place.option, partial, presetNames);
  const candidates = partial.startsWith('-') ? optionNames(place.command) : await operandsAt(place, presetNames);
  return beginningWith(partial, candidates);
}

function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let option: Option | null = null;
  let operands = 0;
  let isHelp = false;
  for (const word of words) {
    if (word === '=') continue;
    const child = command.commands.find((each) => each.name() === word);
    if (option !== null) option = null;
    else if (word.startsWith('-') && word !== '-') option = optionWithValue(command, word);
    else if (child?.name() === 'help') isHelp = true;
    else if (child !== undefined) command = child;
    else operands++;
  }
  return { command, option, operands, isHelp };
}

function optionWithValue({ options }: Command, word: string): Option | null {
  const option = options.find(({ short, long }) => word === short || word === long);
  return option?.required === true ? option : null;
}

async function optionValues(
  option: Option,
  partial: string,
  presetNames: () => Promise<readonly string[]>,
): Promise<string[]> {
  const isPreset = PRESET_OPTIONS.includes(option.long ?? '');
  const candidates = isPreset ? await presetNames() : choicesOf(option.parseArg);
  const isList = option.flags.includes(',...');
  const listed = isList ? partial.slice(0, partial.lastIndexOf(',') + 1) : '';
  const isNew = (name: string) => !listed.split(',').includes(name);
  return beginningWith(partial.slice(listed.length), candidates.filter(isNew)).map((value) => listed + value);
}

function optionNames(command: Command): string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
}

async function operandsAt(
  { command, operands, isHelp }: Place,
  presetNames: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (operands === 0 && command.commands.length > 0) {
    return command
      .createHelp()
      .visibleCommands(command)
      .map((each) => each.name());
  }
  if (isHelp) return [];
  const argument = argumentAt(command.registeredArguments, operands);
  if (argument === null) return [];
  return PRESET_ARGUMENTS[command.name()] === argument.name() ? presetNames() : (argument.argChoices ?? []);
}

/** @param index a variadic argument takes all further words */
function argumentAt(registered: readonly Argument[], index: number): Argument | null {
  const last = registered.at(-1);
  return registered[index] ?? (last?.variadic === true ? last : null);
}

function beginningWith(partial: string, candidates: readonly string[]): string[] {
  const key = partial.toLowerCase();
  return candidates.filter((candidate) => candidate.toLowerCase().startsWith(key));
}

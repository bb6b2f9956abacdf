import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { InputError, requireInteger, requireNumber } from '../../engine/core/errors.ts';

/**
 * Parser of an integer option, for commander.
 * @param name of the option, for error texts
 * @returns a function from the option's text to its value, which throws an InputError outside [minimum, maximum]
 */
export function integerOption(name: string, minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = numberOf(name, text);
    requireInteger(name, value, minimum, maximum);
    return value;
  };
}

/** Parser of a number option; see `integerOption`. */
export function numberOption(name: string, minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = numberOf(name, text);
    requireNumber(name, value, minimum, maximum);
    return value;
  };
}

/**
 * Parser of a number option that sets a field of the settings: it has the range that the field has in control messages and settings files.
 * @param schema of the field, from FIELDS
 */
export function fieldOption(name: string, schema: v.GenericSchema<number | null>): (text: string) => number {
  return (text) => {
    const value = numberOf(name, text);
    const { issues } = v.safeParse(schema, value, { abortEarly: true });
    if (issues !== undefined) throw new InputError(`${name} ${issues[0].message}, got ${text}`);
    return value;
  };
}

/** Parser of an option with a fixed set of values; see `integerOption`. */
export function choiceOption<T extends string>(name: string, choices: readonly T[]): (text: string) => T {
  return withChoices(choices, (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new InputError(`${name} must be ${choices.join(' or ')}, got "${text}"`);
    return choice;
  });
}

/** A parser of an option that may be completed with some of its values. */
export interface ChoiceParser<T> {
  (text: string): T;
  readonly choices: readonly string[];
}

/** @param choices values with a name; the parser may also accept others, such as numbers */
export function withChoices<T>(choices: readonly string[], parse: (text: string) => T): ChoiceParser<T> {
  return Object.assign((text: string) => parse(text), { choices });
}

/** @returns the choices of a parser made by `withChoices`; empty for others, and without a parser */
export function choicesOf(parser: object | undefined): readonly string[] {
  return parser !== undefined && 'choices' in parser ? (parser as ChoiceParser<unknown>).choices : [];
}

/**
 * Splits the values of a comma-separated option, which may be given several times. The name of an existing file is kept whole even if
 * it contains commas.
 * @throws InputError for an empty item
 */
export async function commaSeparated(name: string, texts: readonly string[]): Promise<string[]> {
  const items: string[] = [];
  for (const text of texts) {
    const facts = await stat(text).catch(() => null);
    items.push(...(facts?.isFile() === true ? [text] : text.split(',').map((item) => item.trim())));
  }
  if (items.some((item) => item === '')) throw new InputError(`${name} has an empty item in "${texts.join(' ')}"`);
  return items;
}

/** Parser of an option that names a file or folder; see `integerOption`. */
export function pathOption(name: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '') throw new InputError(`${name} must be a path, got ""; the current folder is "."`);
    return text;
  };
}

/** Parser of an option that may be given several times: appends each text to those before. */
export function collect(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), text];
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InputError(`${name} must be a number, got "${text}"`);
  return value;
}

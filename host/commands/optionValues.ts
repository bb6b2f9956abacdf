import { stat } from 'node:fs/promises';
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

/** Parser of an option with a fixed set of values; see `integerOption`. */
export function choiceOption<T extends string>(name: string, choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new InputError(`${name} must be ${choices.join(' or ')}, got "${text}"`);
    return choice;
  };
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

/** Parser of an option that may be given several times: appends each text to those before. */
export function collect(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), text];
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InputError(`${name} must be a number, got "${text}"`);
  return value;
}

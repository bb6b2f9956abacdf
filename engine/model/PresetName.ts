import { InputError } from '../core/errors.ts';
import { fileNameProblem, nameKey } from '../core/fileName.ts';

declare const checked: unique symbol;

/**
 * Name of a preset in Unicode normal form C, checked by `presetName`: it contains no path separator and is a valid file name on every
 * system, so that a name from the network cannot reach a file outside the library.
 */
export type PresetName = string & { readonly [checked]: 'PresetName' };

/** In UTF-16 code units. With the longest ending, a name has at most 255 bytes of UTF-8, the limit of most file systems. */
const MAXIMUM_LENGTH = 64;
/** Limit of the field in a file, where the name may be decomposed: at most three marks a letter, as in Vietnamese, fit. */
export const MAXIMUM_WRITTEN_NAME_LENGTH = 4 * MAXIMUM_LENGTH;

/** Letters with their accents, digits, and punctuation that neither a file system nor a comma-separated list interprets; nothing invisible. */
const NAME_PATTERN =
  /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._'’()-]*[\p{L}\p{M}\p{N}_'’)-])?$/u;

/** Whether `text` is a valid name of a preset, a snapshot or a recording, in normal form C; see `nameProblem`. */
export function isPresetName(text: string): text is PresetName {
  return text === text.normalize('NFC') && nameProblem(text) === null;
}

/** @returns why `text` is not a valid name in any normal form, to follow the field in a message; null if it is valid */
export function nameProblem(text: string): string | null {
  const name = text.normalize('NFC');
  if (name.length > MAXIMUM_LENGTH || !NAME_PATTERN.test(name)) {
    return `must be 1 to ${MAXIMUM_LENGTH} letters, digits, spaces, dots, dashes, underscores, apostrophes or parentheses, starting with a letter or digit, and must not end in a dot or space`;
  }
  const problem = fileNameProblem(name);
  return problem === null ? null : `must be another name: ${name} ${problem}`;
}

/** @returns the name in Unicode normal form C @throws InputError if `text` is not a valid preset name */
export function presetName(text: string): PresetName {
  const name = text.normalize('NFC');
  if (isPresetName(name)) return name;
  throw new InputError(`preset name ${nameProblem(text)}, got ${JSON.stringify(text)}`);
}

/** @returns the first of `names` that denotes the same preset as one before it; null if all differ */
export function repeatedName<Name extends string>(names: readonly Name[]): Name | null {
  return names.find((name, index) => names.slice(0, index).some((other) => isSameName(name, other))) ?? null;
}

/** Whether two names denote the same preset: case and Unicode normal form do not distinguish them. */
export function isSameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

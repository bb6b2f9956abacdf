import { InputError } from '../core/errors.ts';
import { fileNameProblem } from '../core/fileName.ts';

declare const checked: unique symbol;

/**
 * Name of a preset, checked by `presetName`: it contains no path separator and is a valid file name on every system, so that
 * a name from the network cannot reach a file outside the library.
 */
export type PresetName = string & { readonly [checked]: 'PresetName' };

/** Letters, digits, spaces, dots, dashes and underscores, starting with a letter or digit. */
const NAME_PATTERN = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}_-])?$/u;

/** Whether `text` is a valid name of a preset, a snapshot or a recording; see `nameProblem`. */
export function isPresetName(text: string): text is PresetName {
  return nameProblem(text) === null;
}

/** @returns why `text` is not a valid name, to follow the field in a message; null if it is valid */
export function nameProblem(text: string): string | null {
  if (!NAME_PATTERN.test(text)) {
    return 'must be 1 to 64 letters, digits, spaces, dots, dashes or underscores, starting with a letter or digit';
  }
  const problem = fileNameProblem(text);
  return problem === null ? null : `must be another name: ${text} ${problem}`;
}

/** @throws InputError if `text` is not a valid preset name */
export function presetName(text: string): PresetName {
  if (isPresetName(text)) return text;
  throw new InputError(`preset name ${nameProblem(text)}, got ${JSON.stringify(text)}`);
}

import { stat } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { nameProblem, presetName, repeatedName } from '../../engine/model/PresetName.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import { presetPath } from '../library/PresetPath.ts';

/**
 * Reads the preset that a command line names: a preset of the library, or else the path of a preset file. A text with a slash, or that
 * ends in .json, is always a path.
 * @throws InputError if there is neither, or the file is not a valid preset
 */
export async function readPreset(library: PresetLibrary, text: string): Promise<PresetFile> {
  if (looksLikePath(text)) return library.byPath(presetPath(text));
  const found = nameProblem(text) === null ? await library.find(presetName(text)) : null;
  if (found !== null) return found;
  const facts = await stat(text).catch(() => null);
  if (facts?.isFile() === true) return library.byPath(presetPath(text));
  throw new InputError(`no preset is called "${text}" (${await library.namesText(text)}), and there is no such file`);
}

/**
 * Reads several presets, in order; see `readPreset`.
 * @throws InputError also if one of `texts` is given twice, before a preset is read
 */
export async function readPresets(library: PresetLibrary, texts: readonly string[]): Promise<PresetFile[]> {
  const twice = repeatedName(texts.filter((text) => !looksLikePath(text)));
  if (twice !== null) throw new InputError(`speaker "${twice}" is named twice; each voice must be named once`);
  const files: PresetFile[] = [];
  for (const text of texts) files.push(await readPreset(library, text));
  return files;
}

function looksLikePath(text: string): boolean {
  return /[/\\]/.test(text) || text.toLowerCase().endsWith('.json');
}

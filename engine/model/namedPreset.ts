import { parsePreset, serializePreset } from './Preset.ts';
import type { PresetName } from './PresetName.ts';

/** @param text of a preset file @returns the text of the same preset by another name */
export function namedPreset(text: string, name: PresetName): string {
  return serializePreset({ ...parsePreset(text), name });
}

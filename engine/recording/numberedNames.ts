import { type PresetName, presetName } from '../model/PresetName.ts';

/** @returns `voice-1`, `voice-2`, ..., the names of voices that were found in a recording */
export function numberedNames(count: number): PresetName[] {
  return Array.from({ length: count }, (_, index) => presetName(`voice-${index + 1}`));
}

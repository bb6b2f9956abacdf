import { adaptationKey } from './JointAdaptation.ts';
import { type Preset, presetHash } from './Preset.ts';
import { isSameName } from './PresetName.ts';

/** Part of every key. Change it when learning gets better, so that stored adaptations are learnt again. */
const LEARNER = 'learner 5';

/** Preset of many other speakers and noise, loaded last as one more voice. A user's own preset of this name replaces it. */
export const BACKGROUND_PRESET = 'background';
/**
 * Persistence of the mask network beside the background. A single frame identifies an unknown voice poorly, so recent frames count: a
 * voice alone loses 1.0 dB instead of 1.6 dB, at a cost of 0.05 dB SI-SDR. Two known voices lose 0.4 dB by persistence.
 */
const BACKGROUND_PERSISTENCE = 0.5;

/** How the joint adaptation of speakers is learnt, and the key that it is stored by. */
export interface AdaptationRecipe {
  readonly key: string;
  /** Weight of the temporal prior, 0 to 1. */
  readonly persistence: number;
}

/** @returns null if there are fewer than two speakers, or two of them are the same voice */
export function adaptationRecipe(presets: readonly Preset[]): AdaptationRecipe | null {
  const hashes = presets.map(presetHash);
  if (presets.length < 2 || new Set(hashes).size < hashes.length) return null;
  const persistence = isSameName(presets.at(-1)?.name ?? '', BACKGROUND_PRESET) ? BACKGROUND_PERSISTENCE : 0;
  const learner = persistence > 0 ? [LEARNER, `background, persistence ${persistence}`] : [LEARNER];
  return { key: adaptationKey([...learner, ...hashes]), persistence };
}

import { AdaptationFit } from '../../../engine/adaptation/AdaptationFit.ts';
import { InputError } from '../../../engine/core/errors.ts';
import { adaptationRecipe } from '../../../engine/model/adaptationRecipe.ts';
import { type JointAdaptation, serializeAdaptation } from '../../../engine/model/JointAdaptation.ts';
import { parsePreset } from '../../../engine/model/Preset.ts';
import { parseEvidence } from '../../../engine/model/SpeakerEvidence.ts';
import type { PresetTexts } from './workMessages.ts';

const SEED = 1;

export interface LearntAdaptation {
  readonly adaptation: JointAdaptation;
  /** Of the adaptation file. */
  readonly text: string;
}

/**
 * Learns the joint adaptation of speakers.
 * @param speakers 2 to 8, in order
 * @param onProgress called with a fraction, 0 to 1
 * @throws InputError if two of them are the same voice, or presets and evidence do not fit
 */
export async function adaptSpeakers(
  speakers: readonly PresetTexts[],
  onProgress: (fraction: number) => void,
): Promise<LearntAdaptation> {
  const presets = speakers.map(({ preset }) => parsePreset(preset));
  const recipe = adaptationRecipe(presets);
  if (recipe === null) throw new InputError('two of the speakers are the same voice');
  const evidence = speakers.map((speaker) => parseEvidence(speaker.evidence));
  const fit = new AdaptationFit(presets, evidence, SEED, recipe.persistence);
  for (let step = 0; step < fit.steps; step++) {
    fit.advance();
    onProgress((step + 1) / fit.steps);
  }
  const adaptation = fit.adaptation();
  return { adaptation, text: serializeAdaptation(adaptation, recipe.key) };
}

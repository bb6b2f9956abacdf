import { AdaptationFit } from '../../../../engine/adaptation/AdaptationFit.ts';
import { adaptSpeakerSet } from '../../../../engine/model/JointAdaptation.ts';
import { parsePreset } from '../../../../engine/model/Preset.ts';
import { parseEvidence } from '../../../../engine/model/SpeakerEvidence.ts';
import { sampleSpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { innmf } from './innmf.ts';
import type { SeparationMethod, TrainedSpeaker } from './SeparationMethod.ts';
import { streamSpeakerSet } from './streamSpeakerSet.ts';

/** Presets of each pair jointly adapted, from the contents of the preset and evidence files only. */
export const adapted: SeparationMethod = {
  name: 'adapted',
  summary: 'as innmf, with the presets of each pair jointly adapted from their evidence',
  isTrained: true,

  trainedAs: innmf.name,

  train: innmf.train,

  async separate({ mixture }, speakers, { plan, seed }) {
    const presets = speakers.map((speaker) => parsePreset(presetOf(speaker).presetText));
    const evidence = speakers.map((speaker) => parseEvidence(presetOf(speaker).evidenceText ?? ''));
    const fit = new AdaptationFit(presets, evidence, seed);
    for (let step = 0; step < fit.steps; step++) fit.advance();
    return streamSpeakerSet(adaptSpeakerSet(sampleSpeakerSet(presets, plan), fit.adaptation()), mixture);
  },
};

function presetOf(speaker: TrainedSpeaker) {
  if (speaker.kind !== 'preset') throw new Error(`the method adapted needs a preset, got "${speaker.kind}"`);
  return speaker;
}

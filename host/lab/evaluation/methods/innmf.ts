import { parsePreset, serializePreset } from '../../../../engine/model/Preset.ts';
import { serializeEvidence } from '../../../../engine/model/SpeakerEvidence.ts';
import { sampleSpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { collectEvidence, TRAINING_RANGES, trainSpeaker } from '../../../../engine/trainer/index.ts';
import type { SeparationMethod, TrainedSpeaker } from './SeparationMethod.ts';
import { streamSpeakerSet } from './streamSpeakerSet.ts';

/** Constant, so that the bytes of the preset do not depend on the speaker's folder or the date. */
const PRESET_FACTS = { name: 'evaluated', created: '2000-01-01' };

/** The live engine with a preset that is trained once and sampled at the window in use. The evidence is for `adapted`. */
export const innmf: SeparationMethod = {
  name: 'innmf',
  summary: 'the live engine with presets trained once',
  isTrained: true,

  async train(_speaker, recordings, { templates, seed, speechSeconds, updates, transform }) {
    const limit = {
      ...(speechSeconds === undefined ? {} : { seconds: speechSeconds }),
      ...(updates === undefined ? {} : { updates }),
      ...(transform === undefined ? {} : { transform }),
    };
    const preset = await trainSpeaker(recordings, { ...PRESET_FACTS, ...limit, templates, seed });
    const evidence = collectEvidence(
      PRESET_FACTS.name,
      recordings,
      speechSeconds ?? TRAINING_RANGES.seconds.default,
      seed,
    );
    return { kind: 'preset', presetText: serializePreset(preset), evidenceText: serializeEvidence(evidence) };
  },

  async separate({ mixture }, speakers, { plan }) {
    return streamSpeakerSet(sampleSpeakerSet(speakers.map(presetOf), plan), mixture);
  },
};

function presetOf(speaker: TrainedSpeaker) {
  if (speaker.kind !== 'preset') throw new Error(`the method innmf needs a preset, got "${speaker.kind}"`);
  return parsePreset(speaker.presetText);
}

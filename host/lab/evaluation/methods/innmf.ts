import { parsePreset, serializePreset } from '../../../../engine/model/Preset.ts';
import { sampleSpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { trainSpeaker } from '../../../../engine/trainer/index.ts';
import type { SeparationMethod, TrainedSpeaker } from './SeparationMethod.ts';
import { streamSpeakerSet } from './streamSpeakerSet.ts';

/** Constant, so that the bytes of the preset do not depend on the speaker's folder or the date. */
const PRESET_FACTS = { name: 'evaluated', created: '2000-01-01' };

/** The live engine with a preset that is trained once and sampled at the window in use. */
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
    return { kind: 'preset', presetText: serializePreset(preset) };
  },

  async separate({ mixture }, speakers, { plan }) {
    return streamSpeakerSet(sampleSpeakerSet(speakers.map(presetOf), plan), mixture);
  },
};

function presetOf(speaker: TrainedSpeaker) {
  if (speaker.kind !== 'preset') throw new Error(`the method innmf needs a preset, got "${speaker.kind}"`);
  return parsePreset(speaker.presetText);
}

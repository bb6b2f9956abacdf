import type { Seconds } from '../../../../engine/core/units.ts';
import { RealFft } from '../../../../engine/kernel/RealFft.ts';
import { interpolateTemplates } from '../../../../engine/trainer/resampleTemplates.ts';
import { learnMatrix } from './learnMatrix.ts';
import { matrixSpeakerSet } from './matrixSpeakerSet.ts';
import type { SeparationMethod } from './SeparationMethod.ts';
import { streamSpeakerSet } from './streamSpeakerSet.ts';

/** The paper's training window: 2000 samples at 16 kHz. */
const TRAINED_WINDOW_SECONDS: Seconds = 0.125;

/** Baseline for the networks: matrix NMF at a window of 125 ms, linearly interpolated over frequency for other windows. */
export const interpolated: SeparationMethod = {
  name: 'interpolated',
  summary: 'a matrix trained at 125 ms, linearly interpolated',
  isTrained: true,

  async train(_speaker, recordings, { plan, templates, seed, speechSeconds, updates }) {
    const windowSamples = RealFft.nearestSupportedSize(Math.round(TRAINED_WINDOW_SECONDS * plan.sampleRateHertz));
    const trained = learnMatrix(recordings, windowSamples, templates, seed, speechSeconds, updates);
    return { kind: 'matrix', matrix: interpolateTemplates(trained, plan.windowSamples) };
  },

  async separate({ mixture }, speakers, { plan }) {
    return streamSpeakerSet(matrixSpeakerSet(speakers, plan), mixture);
  },
};

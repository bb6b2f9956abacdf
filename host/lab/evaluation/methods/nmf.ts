import { learnMatrix } from './learnMatrix.ts';
import { matrixSpeakerSet } from './matrixSpeakerSet.ts';
import type { SeparationMethod } from './SeparationMethod.ts';
import { streamSpeakerSet } from './streamSpeakerSet.ts';

/**
 * Matrix NMF: templates learnt at the window in use (sine window of N samples), with the trainer's initialisation and multiplicative
 * updates, in the live engine. No network, and no frequency-scaled copies, which need one.
 */
export const nmf: SeparationMethod = {
  name: 'nmf',
  summary: 'the live engine with a matrix trained at each window',
  isTrained: true,

  async train(_speaker, recordings, { plan, templates, seed, speechSeconds, updates }) {
    return {
      kind: 'matrix',
      matrix: learnMatrix(recordings, plan.windowSamples, templates, seed, speechSeconds, updates),
    };
  },

  async separate({ mixture }, speakers, { plan }) {
    return streamSpeakerSet(matrixSpeakerSet(speakers, plan), mixture);
  },
};

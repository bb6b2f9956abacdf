import { learnMatrix } from './learnMatrix.ts';
import { matrixSpeakerSet } from './matrixSpeakerSet.ts';
import type { SeparationMethod } from './SeparationMethod.ts';
import { streamSpeakerSet } from './streamSpeakerSet.ts';

/**
 * Matrix NMF: templates learnt at the window in use, by the same start and multiplicative updates as the trainer's matrices, in the
 * same engine; no network and no copies scaled in frequency, which a matrix does not allow. Learnt with a sine window of N samples.
 */
export const nmf: SeparationMethod = {
  name: 'nmf',
  summary: 'a matrix trained anew at each window, in the same engine',
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

import { normalizeRows } from '../../../../engine/model/normalizeRows.ts';
import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { binCount, type StftPlan } from '../../../../engine/stft/StftPlan.ts';
import { MAGNITUDE_EXPONENT } from '../../../../engine/trainer/spectra.ts';
import type { TrainedSpeaker } from './SeparationMethod.ts';

/** Builds a speaker set from plain matrices that were learnt at the plan's window. */
export function matrixSpeakerSet(speakers: readonly TrainedSpeaker[], plan: StftPlan): SpeakerSet {
  const bins = binCount(plan);
  return {
    plan,
    magnitudeExponent: MAGNITUDE_EXPONENT,
    bins,
    speakers: speakers.map((speaker, index) => {
      if (speaker.kind !== 'matrix') throw new Error(`speaker ${index + 1}: expected a matrix, got "${speaker.kind}"`);
      const { matrix } = speaker;
      if (matrix.windowSamples !== plan.windowSamples) {
        throw new Error(
          `the matrix must be learnt at a window of ${plan.windowSamples} samples, got ${matrix.windowSamples}`,
        );
      }
      const values = normalizeRows(matrix.values.slice(), bins);
      return { name: `speaker ${index + 1}`, templates: matrix.templates, values };
    }),
  };
}

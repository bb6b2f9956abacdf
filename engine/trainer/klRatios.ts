import { Random } from '../core/Random.ts';
import type { TemplateNetwork } from '../network/TemplateNetwork.ts';
import { diverseExemplars } from './exemplars.ts';
import { networkMatrix } from './networkMatrix.ts';
import { interpolateTemplates } from './resampleTemplates.ts';
import { recordingSpectra } from './spectra.ts';
import type { Recording } from './speech.ts';
import { fixedTemplateDivergence, learnTemplates } from './TemplateChain.ts';

/** How templates do at one window on speech they were not trained on; 1 is a matrix made for that window by 400 updates. */
export interface KlRatio {
  readonly windowSamples: number;
  readonly network: number;
  /** The rival: the matrix of the reference window, linearly interpolated over frequency. */
  readonly interpolated: number;
}

/** DFT sizes at 16 kHz of the paper's Table 1 and around. */
export const KL_RATIO_WINDOWS_AT_16_KHZ = [320, 512, 1024, 1500, 2000, 2500, 3000] as const;
/** The window whose matrix is interpolated. */
const REFERENCE_WINDOW_SAMPLES = 1024;
const MATRIX_UPDATES = 400;
const ACTIVATION_UPDATES = 200;

/**
 * KL divergence on unseen speech over that of a matrix NMF made at the same window on the training speech.
 * Takes some 5 s a window for 60 s of speech and 64 templates.
 */
export function measureKlRatios(
  network: TemplateNetwork,
  training: Recording,
  unseen: Recording,
  windowsSamples: readonly number[] = KL_RATIO_WINDOWS_AT_16_KHZ,
  seed = 1,
): KlRatio[] {
  const matrixAt = (windowSamples: number) => {
    const spectra = recordingSpectra(training, windowSamples);
    return learnTemplates(spectra, diverseExemplars(spectra, network.templates, new Random(seed)), MATRIX_UPDATES);
  };
  const reference = matrixAt(REFERENCE_WINDOW_SAMPLES);
  return windowsSamples.map((windowSamples) => {
    const spectra = recordingSpectra(unseen, windowSamples);
    const matrix = windowSamples === REFERENCE_WINDOW_SAMPLES ? reference : matrixAt(windowSamples);
    const best = fixedTemplateDivergence(spectra, matrix, ACTIVATION_UPDATES);
    const sampled = networkMatrix(network, windowSamples, training.sampleRateHertz);
    const interpolated = interpolateTemplates(reference, windowSamples);
    return {
      windowSamples,
      network: fixedTemplateDivergence(spectra, sampled, ACTIVATION_UPDATES) / best,
      interpolated: fixedTemplateDivergence(spectra, interpolated, ACTIVATION_UPDATES) / best,
    };
  });
}

import { Random } from '../core/Random.ts';
import type { TemplateNetwork } from '../network/TemplateNetwork.ts';
import { diverseExemplars } from './exemplars.ts';
import { networkMatrix } from './networkMatrix.ts';
import { interpolateTemplates } from './resampleTemplates.ts';
import { recordingSpectra } from './spectra.ts';
import type { Recording } from './speech.ts';
import { fixedTemplateDivergence, learnTemplates } from './TemplateChain.ts';

/**
 * KL divergence of templates on unseen speech at one window, relative to that of a matrix learnt at that window with 400 updates.
 */
export interface KlRatio {
  readonly windowSamples: number;
  /** Templates sampled from the network. */
  readonly network: number;
  /** For comparison: the matrix of the reference window, linearly interpolated over frequency. */
  readonly interpolated: number;
}

/** Window sizes in samples at 16 kHz: those of the paper's Table 1, with smaller and larger ones. */
export const KL_RATIO_WINDOWS_AT_16_KHZ = [320, 512, 1024, 1500, 2000, 2500, 3000] as const;
/** Window of the matrix that is interpolated. */
const REFERENCE_WINDOW_SAMPLES = 1024;
const MATRIX_UPDATES = 400;
const ACTIVATION_UPDATES = 200;

/**
 * Compares a network, at each window, with a matrix that NMF learns at the same window from the training speech. Needs about 5 s per
 * window for 60 s of speech and 64 templates.
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

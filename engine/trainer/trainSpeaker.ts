import { InputError, requireInteger, requireNumber } from '../core/errors.ts';
import type { Seconds } from '../core/units.ts';
import type { Preset, TrainingTransform } from '../model/Preset.ts';
import { presetName } from '../model/PresetName.ts';
import { TRAINING_RANGES } from '../model/trainingRanges.ts';
import { dequantizeLayer, quantizeLayer } from '../network/QuantizedLayer.ts';
import { TemplateNetwork } from '../network/TemplateNetwork.ts';
import { type BackendOptions, type ChosenBackend, chooseBackend } from './backend.ts';
import { DEFAULT_STEPS, NetworkFit } from './NetworkFit.ts';
import { NmfMemory } from './NmfMemory.ts';
import { networkMatrix } from './networkMatrix.ts';
import { MAGNITUDE_EXPONENT } from './spectra.ts';
import { joinSpeech, type Recording } from './speech.ts';
import { type ChainLink, chainWindows, fixedTemplateDivergence, learnTemplateChain } from './TemplateChain.ts';
import { type SpectraAtWindow, trainingSpectra } from './trainingTransform.ts';

export interface TrainingOptions extends BackendOptions {
  readonly name: string;
  readonly notes?: string;
  readonly licence?: string;
  /** Date, ISO 8601. The same speech, options and date result in the same bytes. */
  readonly created: string;
  /** @default 64 */
  readonly templates?: number;
  /** Maximum duration of the speech used, without pauses. @default 60 */
  readonly seconds?: Seconds;
  /**
   * Multiplicative updates of the templates. Few updates keep each template close to one actual sound of the speaker and separate best;
   * many (300) minimise the divergence, but the templates then also explain other speakers. @default 20
   */
  readonly updates?: number;
  /** Time-frequency transform from which the templates are learnt. @default 'stft' */
  readonly transform?: TrainingTransform;
  /** Optimiser steps of the network, 1 to 5000. Fewer take less time and fit the templates less well. @default 800 */
  readonly steps?: number;
  /** @default 1 */
  readonly seed?: number;
  /** Called about ten times a second. */
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Called once, when the backend has been chosen. */
  readonly onBackend?: (backend: ChosenBackend) => void;
  /** Aborts between steps: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface TrainingProgress {
  readonly stage: 'templates' | 'network';
  /** Completed fraction of the whole training, 0 to 1. */
  readonly fraction: number;
  /** KL divergence per point between matrices and network; null while templates are learnt. */
  readonly loss: number | null;
}

/** Fraction of the training time spent on the matrices, for the progress. */
const CHAIN_FRACTION = 0.4;
const STEPS_PER_REPORT = 10;
const MOST_STEPS = 5000;
const FIT_CHECK_UPDATES = 60;

/**
 * Trains a preset of one speaker: learns matrices at five windows, then fits a network to them, which is 30 times faster than training
 * the network on the spectra, and more accurate.
 * @param recordings of one speaker, at one sample rate; 20 to 60 s of speech are recommended, 3 s is the minimum
 * @throws InputError for unusable recordings or options, before any work starts
 */
export async function trainSpeaker(recordings: readonly Recording[], options: TrainingOptions): Promise<Preset> {
  const templates = options.templates ?? TRAINING_RANGES.templates.default;
  const seconds = options.seconds ?? TRAINING_RANGES.seconds.default;
  const updates = options.updates ?? TRAINING_RANGES.updates.default;
  const seed = options.seed ?? TRAINING_RANGES.seed.default;
  const name = presetName(options.name);
  requireInteger('templates', templates, TRAINING_RANGES.templates.minimum, TRAINING_RANGES.templates.maximum);
  requireNumber('seconds', seconds, TRAINING_RANGES.seconds.minimum, TRAINING_RANGES.seconds.maximum);
  requireInteger('updates', updates, TRAINING_RANGES.updates.minimum, TRAINING_RANGES.updates.maximum);
  const steps = options.steps ?? DEFAULT_STEPS;
  requireInteger('steps', steps, 1, MOST_STEPS);
  requireInteger('seed', seed, TRAINING_RANGES.seed.minimum, TRAINING_RANGES.seed.maximum);
  const speech = joinSpeech(recordings, seconds);
  const { sampleRateHertz } = speech;

  const pause = async (progress: TrainingProgress) => {
    options.onProgress?.(progress);
    await new Promise((resolve) => setTimeout(resolve));
    options.signal?.throwIfAborted();
  };
  const transform = options.transform ?? 'stft';
  const spectraAt = trainingSpectra(transform, speech, chainWindows(sampleRateHertz));
  const links = await learnTemplateChain(spectraAt, sampleRateHertz, templates, updates, seed, (fraction) =>
    pause({ stage: 'templates', fraction: CHAIN_FRACTION * fraction, loss: null }),
  );
  // Not before the templates are learnt, which also takes much memory.
  const backend = await chooseBackend(options);
  options.onBackend?.(backend);
  const fitted = await fitNetwork(new NetworkFit(links, sampleRateHertz, seed, steps), pause);
  const layers = fitted.layers.map(quantizeLayer);
  const network = new TemplateNetwork(fitted.quefrencies, layers.map(dequantizeLayer));
  return {
    name,
    notes: options.notes ?? '',
    licence: options.licence ?? '',
    created: options.created,
    magnitudeExponent: MAGNITUDE_EXPONENT,
    bandwidthHertz: sampleRateHertz / 2,
    quefrencies: network.quefrencies,
    layers,
    training: {
      speechSeconds: speech.samples.length / sampleRateHertz,
      sampleRateHertz,
      windowsSamples: links.map((link) => link.windowSamples),
      seed,
      backend: backend.name,
      fitRatio: fitRatio(spectraAt, sampleRateHertz, links, network),
      // Omitted for the STFT, so that presets keep the bytes they had before there was a choice.
      ...(transform === 'stft' ? {} : { transform }),
    },
  };
}

/** Disposes of the fit. */
async function fitNetwork(
  fit: NetworkFit,
  pause: (progress: TrainingProgress) => Promise<void>,
): Promise<TemplateNetwork> {
  try {
    for (let step = 0; step < fit.steps; step++) {
      const isReport = step % STEPS_PER_REPORT === 0 || step === fit.steps - 1;
      const loss = fit.advance(isReport);
      const fraction = CHAIN_FRACTION + (1 - CHAIN_FRACTION) * ((step + 1) / fit.steps);
      if (isReport) await pause({ stage: 'network', fraction, loss });
    }
    return fit.network();
  } finally {
    fit.dispose();
  }
}

/** Divergence of the network on the training speech relative to that of the matrix, at the middle window of the chain; 1 is a perfect fit. */
function fitRatio(
  spectraAt: SpectraAtWindow,
  sampleRateHertz: number,
  links: readonly ChainLink[],
  network: TemplateNetwork,
): number {
  const link = links[Math.floor(links.length / 2)];
  if (link === undefined) throw new InputError('links must contain at least one link, got 0');
  const spectra = spectraAt(link.windowSamples);
  const fitted = networkMatrix(network, link.windowSamples, sampleRateHertz);
  const memory = new NmfMemory();
  const divergence = fixedTemplateDivergence(spectra, fitted, FIT_CHECK_UPDATES, memory);
  return divergence / fixedTemplateDivergence(spectra, link, FIT_CHECK_UPDATES, memory);
}

import { InputError } from '../core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import type { Hertz } from '../core/units.ts';
import type { MaskNetwork } from '../network/MaskNetwork.ts';
import { binCount, effectiveDurationSeconds, type StftPlan } from '../stft/StftPlan.ts';
import { normalizeRows } from './normalizeRows.ts';
import { type Preset, presetNetwork } from './Preset.ts';

/** One speaker's templates, sampled at a speaker set's bins. */
export interface SampledSpeaker {
  readonly name: string;
  readonly templates: number;
  /** The first so many are enough where time is short: the others are their copies, set after set. @default all */
  readonly coreTemplates?: number;
  /** [templates x bins] row-major, >= 0, each row with mean 1 */
  readonly values: Float32Array;
}

/**
 * All that the audio thread needs to know of the speakers loaded together. Plain data, built on the control side, crosses threads
 * as it is.
 */
export interface SpeakerSet {
  readonly plan: StftPlan;
  /** Spectra are compared as |X|^p. */
  readonly magnitudeExponent: number;
  /** Bins for which all speakers' templates are known, from 0 Hz up; at most `binCount(plan)`. */
  readonly bins: number;
  readonly speakers: readonly SampledSpeaker[];
  /**
   * Where the speakers have been adapted to each other: what the mask is made of instead of each speaker's own templates.
   * [speakers] of [all speakers' templates x bins] row-major, >= 0: a speaker's model is the sum over the activations of all.
   */
  readonly outputTemplates?: readonly Float32Array[];
  /** Where there is one: tells the speakers' shares of whole bands. */
  readonly network?: MaskNetwork;
}

/**
 * Copies of the templates with frequency scaled by these factors follow pitch and vocal tract; only a continuous template can be
 * scaled. Three copies of 40 templates gained 0.7 dB SDR over 40 at no extra training. The unscaled one comes first: it is the core.
 */
const FREQUENCY_SCALES: readonly number[] = [1, 0.96, 1.04];

/**
 * Samples the presets' networks at the frequencies of a live STFT.
 * @param presets 1 to 8 speakers; the same may come twice
 * @throws InputError for a wrong number of speakers or presets that compare spectra differently
 */
export function sampleSpeakerSet(
  presets: readonly Preset[],
  plan: StftPlan,
  frequencyScales = FREQUENCY_SCALES,
): SpeakerSet {
  if (presets.length < 1 || presets.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`speakers must be 1 to ${MAXIMUM_SPEAKERS} presets, got ${presets.length}`);
  }
  const magnitudeExponent = presets[0]!.magnitudeExponent;
  for (const preset of presets) {
    if (preset.magnitudeExponent !== magnitudeExponent) {
      throw new InputError(
        `speakers must share one magnitude exponent: "${presets[0]!.name}" has ${magnitudeExponent}, "${preset.name}" has ${preset.magnitudeExponent}`,
      );
    }
  }
  const binHertz = plan.sampleRateHertz / plan.windowSamples;
  const bandwidthHertz = Math.min(plan.sampleRateHertz / 2, ...presets.map((preset) => preset.bandwidthHertz));
  const bins = Math.floor(bandwidthHertz / binHertz + 1e-6) + 1;
  const speakers = presets.map((preset) => sampleSpeaker(preset, plan, bins, binHertz, frequencyScales));
  return { plan, magnitudeExponent, bins, speakers };
}

/** Nobody is loaded: all sound is rest where `rest` is above 0, and else in `dry` alone. For hosts that run before a speaker is chosen. */
export function emptySpeakerSet(plan: StftPlan): SpeakerSet {
  return { plan, magnitudeExponent: 0.5, bins: binCount(plan), speakers: [] };
}

function sampleSpeaker(
  preset: Preset,
  plan: StftPlan,
  bins: number,
  binHertz: Hertz,
  frequencyScales: readonly number[],
): SampledSpeaker {
  const network = presetNetwork(preset);
  const values = new Float32Array(frequencyScales.length * network.templates * bins);
  frequencyScales.forEach((frequencyScale, copy) => {
    const frequenciesHertz = Float64Array.from({ length: bins }, (_, bin) =>
      Math.min(bin * binHertz * frequencyScale, preset.bandwidthHertz),
    );
    const sampled = network.sample(frequenciesHertz, effectiveDurationSeconds(plan));
    values.set(normalizeRows(sampled, bins), copy * network.templates * bins);
  });
  const { templates } = network;
  return { name: preset.name, templates: frequencyScales.length * templates, coreTemplates: templates, values };
}

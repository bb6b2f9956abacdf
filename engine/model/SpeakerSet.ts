import { InputError } from '../core/errors.ts';
import type { FrequencyRange } from '../core/FrequencyRange.ts';
import { MAXIMUM_SPEAKERS } from '../core/limits.ts';
import type { Hertz } from '../core/units.ts';
import type { MaskNetwork } from '../network/MaskNetwork.ts';
import { binCount, effectiveDurationSeconds, type StftPlan } from '../stft/StftPlan.ts';
import { normalizeRows } from './normalizeRows.ts';
import { type Preset, presetNetwork } from './Preset.ts';

/** One speaker's templates, sampled at the bins of a speaker set. */
export interface SampledSpeaker {
  readonly name: string;
  readonly templates: number;
  /** Number of core templates. They come first and are sufficient in low-complexity mode; the others are their frequency-scaled copies. @default all */
  readonly coreTemplates?: number;
  /** [templates x bins] row-major, >= 0, each row with mean 1 */
  readonly values: Float32Array;
  /**
   * Positive integer that identifies the voice among the successive speaker sets of a separator (`withVoices`). A voice that stays in a
   * swap keeps its output. @default position in the set + 1
   */
  readonly voice?: number;
  /**
   * Index of the channel from which the voice's sound is taken (`Separator.process`), rather than from the mixture by its mask
   * (`withChannels`). @default none
   */
  readonly channel?: number;
}

/**
 * Speakers loaded together, with their sampled templates: everything that the audio thread needs. Plain data, built on the control side;
 * can be posted to another thread.
 */
export interface SpeakerSet {
  readonly plan: StftPlan;
  /** Exponent p: templates model |X|^p. */
  readonly magnitudeExponent: number;
  /** Bins from 0 Hz up that the templates of all speakers cover; at most `binCount(plan)`. */
  readonly bins: number;
  readonly speakers: readonly SampledSpeaker[];
  /**
   * Output templates of jointly adapted speakers, from which the mask is computed instead of each speaker's own templates.
   * [speakers] of [all speakers' templates x bins] row-major, >= 0: a speaker's model sums over the activations of all templates.
   */
  readonly outputTemplates?: readonly Float32Array[];
  /** Mask network of jointly adapted speakers. @default none */
  readonly network?: MaskNetwork;
  /** The same speakers and then the background (`withBackgroundModel`). @default none */
  readonly background?: SpeakerSet;
}

/**
 * Frequency factors of the copies of the templates, which follow changes of pitch and vocal tract. (Only continuous templates can be
 * scaled.) Three copies of 40 templates gained 0.7 dB SDR over 40 templates without more training. The unscaled copy, the core, is first.
 */
export const FREQUENCY_SCALES: readonly number[] = [1, 0.96, 1.04];

/**
 * Samples the presets' networks at the bins of an STFT.
 * @param presets 1 to 8 speakers; one may occur several times
 * @param band frequencies that have sound; templates have nothing outside it, so that silent bins do not count against those that do
 * @default all
 * @throws InputError for a wrong number of speakers or presets with different magnitude exponents
 */
export function sampleSpeakerSet(
  presets: readonly Preset[],
  plan: StftPlan,
  frequencyScales = FREQUENCY_SCALES,
  band: FrequencyRange | null = null,
): SpeakerSet {
  const [first] = presets;
  if (first === undefined || presets.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`presets must contain 1 to ${MAXIMUM_SPEAKERS} speakers, got ${presets.length}`);
  }
  const { magnitudeExponent } = first;
  for (const preset of presets) {
    if (preset.magnitudeExponent !== magnitudeExponent) {
      throw new InputError(
        `magnitudeExponent of "${preset.name}" must equal that of "${first.name}", ${magnitudeExponent}, got ${preset.magnitudeExponent}`,
      );
    }
  }
  const binHertz = plan.sampleRateHertz / plan.windowSamples;
  const highestHertz = band?.highHertz ?? Number.POSITIVE_INFINITY;
  const bandwidthHertz = Math.min(
    plan.sampleRateHertz / 2,
    highestHertz,
    ...presets.map((preset) => preset.bandwidthHertz),
  );
  const bins = Math.floor(bandwidthHertz / binHertz + 1e-6) + 1;
  const speakers = presets.map((preset) => sampleSpeaker(preset, plan, bins, frequencyScales, band?.lowHertz ?? 0));
  return { plan, magnitudeExponent, bins, speakers };
}

/** Speaker set without speakers, for running before one is chosen. With the parameter `rest` above 0, all sound is in the rest output. */
export function emptySpeakerSet(plan: StftPlan): SpeakerSet {
  return { plan, magnitudeExponent: 0.5, bins: binCount(plan), speakers: [] };
}

function sampleSpeaker(
  preset: Preset,
  plan: StftPlan,
  bins: number,
  frequencyScales: readonly number[],
  lowestHertz: Hertz,
): SampledSpeaker {
  const network = presetNetwork(preset);
  const binHertz = plan.sampleRateHertz / plan.windowSamples;
  const emptyBins = Math.min(bins - 1, Math.ceil(lowestHertz / binHertz));
  const values = new Float32Array(frequencyScales.length * network.templates * bins);
  frequencyScales.forEach((frequencyScale, copy) => {
    const frequenciesHertz = Float64Array.from({ length: bins }, (_, bin) =>
      Math.min(bin * binHertz * frequencyScale, preset.bandwidthHertz),
    );
    const sampled = network.sample(frequenciesHertz, effectiveDurationSeconds(plan));
    for (let row = 0; row < sampled.length; row += bins) sampled.fill(0, row, row + emptyBins);
    values.set(normalizeRows(sampled, bins), copy * network.templates * bins);
  });
  const { templates } = network;
  return { name: preset.name, templates: frequencyScales.length * templates, coreTemplates: templates, values };
}

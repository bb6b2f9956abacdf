import { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import { BatchedProducts } from '../kernel/BatchedProducts.ts';
import { type JointAdaptation, outputBase, placeOf } from '../model/JointAdaptation.ts';
import type { Preset } from '../model/Preset.ts';
import type { SpeakerEvidence } from '../model/SpeakerEvidence.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../model/SpeakerSet.ts';
import { PARAMETERS } from '../separator/parameters.ts';
import { planStft } from '../stft/StftPlan.ts';
import { MaskNetworkFit } from './MaskNetworkFit.ts';
import { MixtureFrames } from './MixtureFrames.ts';
import { maskGradients } from './maskGradients.ts';
import { SpeakerGains } from './SpeakerGains.ts';

/** Frames that are mixed: 60 MB of numbers for two speakers, 200 MB for eight. */
const MIXTURES = 12_000;
const FRAMES_PER_MIXING = 400;
/** Above, gains stay what they are there: voices have little that tells them apart, and learning would take three times as long. */
const HIGHEST_FREQUENCY: Hertz = 8000;
const BATCH_FRAMES = 1000;
/** How long, how fast and from what is learnt. */
const KNOWN_VOICES = { updates: 120, learningRate: 0.15, scaledShare: 0.7, frequencySpread: 0.08 };
/** What helps against voices that are known is learnt by heart of those that only stand for others: 0.3 dB in the mean over pairs. */
const UNKNOWN_VOICES = { updates: 90, learningRate: 0.05, scaledShare: 0.5, frequencySpread: 0.05 };
/** Where gains are told: this close at low frequencies, this part of the frequency apart above. 38 to 8 kHz lose nothing against all bins. */
const BAND_SPACING: { readonly hertz: Hertz; readonly relative: number } = { hertz: 62, relative: 0.1 };
const MASK_EXPONENT = PARAMETERS.maskExponent.default;

/**
 * Learns output templates for speakers that are loaded together: discriminative NMF (F. Weninger, J. Le Roux, J. R. Hershey, S. Watanabe,
 * "Discriminative NMF and its application to single-channel source separation", Interspeech 2014) with cross terms. The templates that
 * are solved for stay as they are; what the mask is made of is changed so that masks come out best on mixtures of the speakers' own
 * evidence, with the activations that the live solver finds. Adam (Kingma and Ba 2015) on the logarithms of gains, so all stays >= 0.
 */
export class AdaptationFit {
  /** How often `advance` is to be called. */
  readonly steps: number;
  /** Weighted mean square error of the masks, of the latest update; null while frames are mixed. */
  loss: number | null = null;

  private readonly speakerSet: SpeakerSet;
  private readonly mixtures: MixtureFrames;
  private readonly mixingSteps: number;
  private readonly seeingSteps: number;
  private readonly products: BatchedProducts;
  private readonly speakers: readonly SpeakerGains[];
  private readonly random: Random;
  private readonly frequenciesHertz: Float64Array;
  private readonly batch = new Int32Array(BATCH_FRAMES);
  /** [speakers] of [BATCH_FRAMES x bins] */
  private readonly models: readonly Float32Array[];
  private readonly gradient: Float32Array;
  private readonly networkFit: MaskNetworkFit;
  private seen = 0;
  private readonly recipe: typeof KNOWN_VOICES;
  private step = 0;

  /**
   * @param presets 2 to 8 speakers @param evidence of theirs, in order @param persistence see `MaskNetwork`
   * @throws InputError for speakers that cannot be loaded together, or evidence that does not reach as high as they do
   */
  constructor(presets: readonly Preset[], evidence: readonly SpeakerEvidence[], seed = 1, persistence = 0) {
    this.recipe = persistence > 0 ? UNKNOWN_VOICES : KNOWN_VOICES;
    const sampleRateHertz = 2 * Math.min(HIGHEST_FREQUENCY, ...presets.map((preset) => preset.bandwidthHertz));
    this.speakerSet = sampleSpeakerSet(presets, planStft({ sampleRateHertz }));
    const { bins, speakers, plan } = this.speakerSet;
    this.random = new Random(seed);
    this.mixtures = new MixtureFrames(this.speakerSet, evidence, MIXTURES, this.recipe, this.random);
    this.mixingSteps = Math.ceil(MIXTURES / FRAMES_PER_MIXING);
    this.seeingSteps = Math.ceil(MIXTURES / BATCH_FRAMES);
    this.steps = this.mixingSteps + this.recipe.updates + this.seeingSteps + MaskNetworkFit.STEPS;
    const { templates } = this.mixtures;
    this.products = new BatchedProducts({ bins, templates, frames: BATCH_FRAMES });
    this.frequenciesHertz = bandFrequencies(sampleRateHertz / 2);
    const binHertz = plan.sampleRateHertz / plan.windowSamples;
    this.networkFit = new MaskNetworkFit(this.mixtures, sampleRateHertz / 2, binHertz, persistence, this.random);
    const places = Float64Array.from({ length: bins }, (_, bin) => placeOf(this.frequenciesHertz, bin * binHertz));
    const bands = this.frequenciesHertz.length;
    this.speakers = speakers.map((_, s) => new SpeakerGains(outputBase(this.speakerSet, s), places, templates, bands));
    this.models = speakers.map(() => new Float32Array(BATCH_FRAMES * bins));
    this.gradient = new Float32Array(templates * bins);
  }

  /** A few tens of milliseconds of work. */
  advance(): void {
    const { mixtures, mixingSteps, seeingSteps, recipe } = this;
    const update = this.step - mixingSteps;
    if (update < 0) mixtures.fill(FRAMES_PER_MIXING);
    else if (update < recipe.updates) this.update(update);
    else if (update < recipe.updates + seeingSteps) this.see();
    else this.networkFit.advance();
    this.step++;
    if (this.step === mixingSteps) mixtures.weigh();
  }

  /** As far as it has been learnt; with the network only once everything is. */
  adaptation(): JointAdaptation {
    const { networkFit, speakers, frequenciesHertz } = this;
    const logGains = speakers.map((speaker) => speaker.logGains.slice());
    return { frequenciesHertz, logGains, ...(this.step < this.steps ? {} : { network: networkFit.result() }) };
  }

  private update(update: number): void {
    const { products, speakers, models, gradient } = this;
    const { bins } = this.speakerSet;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) this.batch[frame] = this.random.integer(this.mixtures.count);
    this.model();
    this.loss = this.turnIntoSlopes();
    const rate = this.recipe.learningRate * Math.sqrt(1 - update / this.recipe.updates);
    speakers.forEach((speaker, s) => {
      for (let frame = 0; frame < BATCH_FRAMES; frame++) {
        const row = models[s]!.subarray(frame * bins, (frame + 1) * bins);
        products.slopes.values.set(row, frame * products.binStride);
      }
      products.gather(gradient);
      speaker.descend(gradient, rate, update + 1);
    });
  }

  /** Shows the network the next frames, and what the gains have made of them. */
  private see(): void {
    const { mixtures, networkFit, models } = this;
    const { bins } = this.speakerSet;
    const count = Math.min(BATCH_FRAMES, mixtures.count - this.seen);
    for (let frame = 0; frame < BATCH_FRAMES; frame++) this.batch[frame] = this.seen + Math.min(frame, count - 1);
    this.model();
    for (let frame = 0; frame < count; frame++) networkFit.add(models, frame * bins);
    this.seen += count;
  }

  /** Each speaker's models become the loss's slopes by them. @returns the loss, over frames, bins and speakers */
  private turnIntoSlopes(): number {
    const { models, mixtures, batch } = this;
    const { bins } = this.speakerSet;
    let loss = 0;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const target = batch[frame]! * bins;
      loss += maskGradients(models, mixtures, frame * bins, target, bins, MASK_EXPONENT, 1 / BATCH_FRAMES);
    }
    return loss / (bins * models.length);
  }

  /** What the speakers' output templates make of the frames of `batch`. */
  private model(): void {
    const { mixtures, products, speakers, models, batch } = this;
    const { bins } = this.speakerSet;
    const { templates, activations } = mixtures;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const row = activations.subarray(batch[frame]! * templates, (batch[frame]! + 1) * templates);
      products.activations.values.set(row, frame * products.templateStride);
    }
    speakers.forEach((speaker, s) => {
      products.multiply(speaker.outputTemplates());
      for (let frame = 0; frame < BATCH_FRAMES; frame++) {
        const first = frame * products.binStride;
        models[s]!.set(products.models.values.subarray(first, first + bins), frame * bins);
      }
    });
  }
}

function bandFrequencies(bandwidthHertz: Hertz): Float64Array {
  const frequencies = [0];
  while (frequencies.at(-1)! < bandwidthHertz) {
    const last = frequencies.at(-1)!;
    frequencies.push(Math.round(last + Math.max(BAND_SPACING.hertz, BAND_SPACING.relative * last)));
  }
  return Float64Array.from(frequencies);
}

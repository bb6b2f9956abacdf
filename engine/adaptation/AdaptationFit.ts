import { type BandSpacing, bandEdgesBeyond } from '../core/bandEdges.ts';
import { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import { BatchedProducts } from '../kernel/BatchedProducts.ts';
import { bandPosition, type JointAdaptation, outputBase } from '../model/JointAdaptation.ts';
import type { Preset } from '../model/Preset.ts';
import type { SpeakerEvidence } from '../model/SpeakerEvidence.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../model/SpeakerSet.ts';
import { PARAMETERS } from '../separator/parameters.ts';
import { planStft } from '../stft/StftPlan.ts';
import { MaskNetworkFit } from './MaskNetworkFit.ts';
import { MixtureFrames } from './MixtureFrames.ts';
import { maskGradients } from './maskGradients.ts';
import { SpeakerGains } from './SpeakerGains.ts';

/** Number of mixture frames: 60 MB for two speakers, 200 MB for eight. */
const MIXTURES = 12_000;
/** Frames mixed per call of `advance`. */
const FRAMES_PER_MIXING = 400;
/** Gains are constant above this frequency: voices differ little there, and learning gains for it would take three times as long. */
const HIGHEST_FREQUENCY: Hertz = 8000;
const BATCH_FRAMES = 500;
/** Number of optimiser steps, learning rate, and scaling of the evidence if all speakers are known. */
const KNOWN_VOICES = { updates: 150, learningRate: 0.15, scaledShare: 0.7, frequencySpread: 0.08 };
/** The same if one speaker stands for unknown voices: `KNOWN_VOICES` would overfit to it, which costs 0.3 dB in the mean over pairs. */
const UNKNOWN_VOICES = { updates: 120, learningRate: 0.05, scaledShare: 0.5, frequencySpread: 0.05 };
/** Spacing of the gains, in whole hertz. The resulting 38 bands up to 8 kHz lose nothing against a gain per bin. */
const BAND_SPACING: BandSpacing = { smallest: 62, relative: 0.1, round: Math.round };
const MASK_EXPONENT = PARAMETERS.maskExponent.default;

/**
 * Learns the joint adaptation of speakers: discriminative NMF (F. Weninger, J. Le Roux, J. R. Hershey, S. Watanabe, "Discriminative NMF
 * and its application to single-channel source separation", Interspeech 2014) with cross terms. The solver's templates stay unchanged;
 * output templates are optimised for the best masks on mixtures of the speakers' evidence, with the activations of the live solver.
 * Adam optimises the logarithms of gains, so that templates stay >= 0. Afterwards a mask network is fitted.
 */
export class AdaptationFit {
  /** Number of calls of `advance` until the adaptation is complete. */
  readonly steps: number;
  /** Number of calls until the gains are learnt; `adaptation` then gives what is usable without the mask network. */
  readonly gainSteps: number;
  /** Weighted mean squared error of the masks at the latest update; null while frames are mixed. */
  loss: number | null = null;

  private readonly speakerSet: SpeakerSet;
  private readonly mixtures: MixtureFrames;
  private readonly mixingSteps: number;
  private readonly exampleSteps: number;
  private readonly products: BatchedProducts;
  private readonly speakers: readonly { readonly gains: SpeakerGains; readonly models: Float32Array }[];
  private readonly random: Random;
  private readonly frequenciesHertz: Float64Array;
  private readonly batch = new Int32Array(BATCH_FRAMES);
  /** [speakers] of [BATCH_FRAMES x bins]: those of `speakers` */
  private readonly models: readonly Float32Array[];
  private readonly gradient: Float32Array;
  private readonly networkFit: MaskNetworkFit;
  /** Frames passed to the mask network's fit. */
  private added = 0;
  private readonly recipe: typeof KNOWN_VOICES;
  private step = 0;

  /**
   * @param presets 2 to 8 speakers
   * @param evidence of each speaker, in order
   * @param temporalPrior see `MaskNetwork`; above 0 if one of the speakers stands for unknown voices
   * @throws InputError if the speakers cannot be loaded together, or their evidence ends below their bandwidth
   */
  constructor(presets: readonly Preset[], evidence: readonly SpeakerEvidence[], seed = 1, temporalPrior = 0) {
    this.recipe = temporalPrior > 0 ? UNKNOWN_VOICES : KNOWN_VOICES;
    const sampleRateHertz = 2 * Math.min(HIGHEST_FREQUENCY, ...presets.map((preset) => preset.bandwidthHertz));
    this.speakerSet = sampleSpeakerSet(presets, planStft({ sampleRateHertz }));
    const { bins, speakers, plan } = this.speakerSet;
    this.random = new Random(seed);
    this.mixtures = new MixtureFrames(this.speakerSet, evidence, MIXTURES, this.recipe, this.random);
    this.mixingSteps = Math.ceil(MIXTURES / FRAMES_PER_MIXING);
    this.exampleSteps = Math.ceil(MIXTURES / BATCH_FRAMES);
    this.gainSteps = this.mixingSteps + this.recipe.updates;
    this.steps = this.gainSteps + this.exampleSteps + MaskNetworkFit.STEPS;
    const { templates } = this.mixtures;
    this.products = new BatchedProducts({ bins, templates, frames: BATCH_FRAMES });
    this.frequenciesHertz = Float64Array.from(bandEdgesBeyond(sampleRateHertz / 2, BAND_SPACING));
    const binHertz = plan.sampleRateHertz / plan.windowSamples;
    this.networkFit = new MaskNetworkFit(this.mixtures, sampleRateHertz / 2, binHertz, temporalPrior, this.random);
    const positions = Float64Array.from({ length: bins }, (_, bin) =>
      bandPosition(this.frequenciesHertz, bin * binHertz),
    );
    const bands = this.frequenciesHertz.length;
    this.speakers = speakers.map((_, s) => ({
      gains: new SpeakerGains(outputBase(this.speakerSet, s), positions, templates, bands),
      models: new Float32Array(BATCH_FRAMES * bins),
    }));
    this.models = this.speakers.map(({ models }) => models);
    this.gradient = new Float32Array(templates * bins);
  }

  /** Performs the next step, a few tens of milliseconds of work. */
  advance(): void {
    const { mixtures, mixingSteps, exampleSteps, recipe } = this;
    const update = this.step - mixingSteps;
    if (update < 0) mixtures.mixNext(FRAMES_PER_MIXING);
    else if (update < recipe.updates) this.update(update);
    else if (update < recipe.updates + exampleSteps) this.addExamples();
    else this.networkFit.advance();
    this.step++;
    if (this.step === mixingSteps) mixtures.computeWeights();
  }

  /** @returns the adaptation learnt so far; the network only once all steps are done */
  adaptation(): JointAdaptation {
    const { networkFit, speakers, frequenciesHertz } = this;
    const logGains = speakers.map(({ gains }) => gains.logGains.slice());
    return { frequenciesHertz, logGains, ...(this.step < this.steps ? {} : { network: networkFit.result() }) };
  }

  private update(update: number): void {
    const { products, speakers, gradient } = this;
    const { bins } = this.speakerSet;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) this.batch[frame] = this.random.integer(this.mixtures.count);
    this.computeModels();
    this.loss = this.computeGradients();
    const rate = this.recipe.learningRate * Math.sqrt(1 - update / this.recipe.updates);
    for (const { gains, models } of speakers) {
      for (let frame = 0; frame < BATCH_FRAMES; frame++) {
        const row = models.subarray(frame * bins, (frame + 1) * bins);
        products.gradients.values.set(row, frame * products.binStride);
      }
      products.multiplyTransposed(gradient);
      gains.step(gradient, rate);
    }
  }

  /** Passes the next mixture frames, and the speakers' adapted models of them, to the mask network's fit. */
  private addExamples(): void {
    const { mixtures, networkFit, models } = this;
    const { bins } = this.speakerSet;
    const count = Math.min(BATCH_FRAMES, mixtures.count - this.added);
    for (let frame = 0; frame < BATCH_FRAMES; frame++) this.batch[frame] = this.added + Math.min(frame, count - 1);
    this.computeModels();
    for (let frame = 0; frame < count; frame++) networkFit.add(models, frame * bins);
    this.added += count;
  }

  /** Replaces each speaker's models by the gradient of the loss. @returns the loss, averaged over frames, bins and speakers */
  private computeGradients(): number {
    const { models, mixtures, batch } = this;
    const { bins } = this.speakerSet;
    let loss = 0;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const target = batch[frame]! * bins;
      loss += maskGradients(models, mixtures, frame * bins, target, bins, MASK_EXPONENT, 1 / BATCH_FRAMES);
    }
    return loss / (bins * models.length);
  }

  /** Computes each speaker's models of the frames in `batch` from its output templates. */
  private computeModels(): void {
    const { mixtures, products, speakers, batch } = this;
    const { bins } = this.speakerSet;
    const { templates, activations } = mixtures;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const row = activations.subarray(batch[frame]! * templates, (batch[frame]! + 1) * templates);
      products.activations.values.set(row, frame * products.templateStride);
    }
    for (const { gains, models } of speakers) {
      products.multiply(gains.outputTemplates());
      for (let frame = 0; frame < BATCH_FRAMES; frame++) {
        const first = frame * products.binStride;
        models.set(products.models.values.subarray(first, first + bins), frame * bins);
      }
    }
  }
}

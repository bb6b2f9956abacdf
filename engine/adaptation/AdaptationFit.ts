import { type BandSpacing, bandEdgesBeyond } from '../core/bandEdges.ts';
import { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import { bandPosition, type JointAdaptation, ownOutputBase } from '../model/JointAdaptation.ts';
import type { Preset } from '../model/Preset.ts';
import type { SpeakerEvidence } from '../model/SpeakerEvidence.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import { PARAMETERS } from '../separator/parameters.ts';
import { BandTargets } from './BandTargets.ts';
import { LearningPlan, type LearningRecipe } from './LearningPlan.ts';
import { MaskNetworkFit } from './MaskNetworkFit.ts';
import { MixtureFrames } from './MixtureFrames.ts';
import { maskGradients } from './maskGradients.ts';
import { OutputModels } from './OutputModels.ts';
import { SpeakerGains } from './SpeakerGains.ts';

/** Share of the updates after which gains can be used first: they are then within 0.1 to 0.4 dB of the final ones. */
const EARLY_SHARE = 1 / 3;
const BATCH_FRAMES = 500;
/** Spacing of the gains, in whole hertz. The resulting 38 bands up to 8 kHz lose nothing against a gain per bin. */
const BAND_SPACING: BandSpacing = { smallest: 62, relative: 0.1, round: Math.round };
const MASK_EXPONENT = PARAMETERS.maskExponent.default;

/** What is learnt of one speaker: gains, in merged bands; the network takes the models in bins. */
interface SpeakerFit {
  readonly gains: SpeakerGains;
  readonly inBands: OutputModels;
  readonly inBins: OutputModels;
}

/**
 * Learns the joint adaptation of speakers: discriminative NMF (F. Weninger, J. Le Roux, J. R. Hershey, S. Watanabe, "Discriminative NMF
 * and its application to single-channel source separation", Interspeech 2014) with cross terms. The solver's templates stay unchanged;
 * output templates are optimised for the best masks on mixtures of the speakers' evidence, with the activations of the live solver.
 * Adam optimises the logarithms of gains, so that templates stay >= 0. Afterwards a mask network is fitted.
 */
export class AdaptationFit {
  /** Number of calls of `advance` until the adaptation is complete. */
  readonly steps: number;
  /** Number of calls until `adaptation` first is better than none: gains after a few updates. */
  readonly earlyGainSteps: number;
  /** Number of calls until the gains are learnt; `adaptation` then gives what is usable without the mask network. */
  readonly gainSteps: number;
  /** Weighted mean squared error of the masks at the latest update; null before the first. */
  loss: number | null = null;

  private readonly recipe: LearningRecipe;
  private readonly mixtures: MixtureFrames;
  private readonly targets: BandTargets;
  private readonly speakers: readonly SpeakerFit[];
  private readonly random: Random;
  private readonly frequenciesHertz: Float64Array;
  private readonly batch = new Int32Array(BATCH_FRAMES);
  private readonly networkFit: MaskNetworkFit;
  /** Frames passed to the mask network's fit. */
  private added = 0;
  /** [steps] what each call of `advance` does */
  private readonly work: readonly (() => void)[];
  private step = 0;
  /** Optimiser steps done. */
  private updates = 0;

  /**
   * @param presets 2 to 8 speakers
   * @param evidence of each speaker, in order
   * @param temporalPrior see `MaskNetwork`; above 0 if one of the speakers stands for unknown voices
   * @throws InputError if the speakers cannot be loaded together, or their evidence ends below their bandwidth
   */
  constructor(presets: readonly Preset[], evidence: readonly SpeakerEvidence[], seed = 1, temporalPrior = 0) {
    const plan = new LearningPlan(presets, temporalPrior);
    const { highestHertz, binHertz, recipe } = plan;
    this.recipe = recipe;
    this.mixtures = new MixtureFrames(plan.mixtures);
    this.targets = new BandTargets(this.mixtures);
    this.frequenciesHertz = Float64Array.from(bandEdgesBeyond(highestHertz, BAND_SPACING));
    this.random = new Random(seed);
    this.networkFit = new MaskNetworkFit(this.mixtures, highestHertz, binHertz, temporalPrior, this.random);
    this.speakers = this.speakerFits(plan.speakerSet, binHertz);
    const mixing = [...plan.mixingSteps(this.mixtures, evidence, this.random), () => this.targets.mergeAll()];
    this.earlyGainSteps = mixing.length + Math.round(EARLY_SHARE * recipe.updates);
    this.gainSteps = mixing.length + recipe.updates;
    this.work = [
      ...mixing,
      ...repeated(recipe.updates, () => this.update()),
      ...repeated(Math.ceil(this.mixtures.count / BATCH_FRAMES), () => this.addExamples()),
      ...repeated(MaskNetworkFit.STEPS, () => this.networkFit.advance()),
    ];
    this.steps = this.work.length;
  }

  /** Performs the next step, a few tens of milliseconds of work. */
  advance(): void {
    this.work[this.step]!();
    this.step++;
  }

  /** @returns the adaptation learnt so far; the network only once all steps are done */
  adaptation(): JointAdaptation {
    const { networkFit, speakers, frequenciesHertz } = this;
    const logGains = speakers.map(({ gains }) => gains.logGains.slice());
    return { frequenciesHertz, logGains, ...(this.step < this.steps ? {} : { network: networkFit.result() }) };
  }

  private speakerFits({ speakers, bins }: SpeakerSet, binHertz: Hertz): SpeakerFit[] {
    const { mixtures, targets, frequenciesHertz } = this;
    const { templates } = mixtures;
    const positions = Float32Array.from({ length: bins }, (_, bin) => bandPosition(frequenciesHertz, bin * binHertz));
    let firstOwn = 0;
    return speakers.map((speaker) => {
      const gains = new SpeakerGains(templates, frequenciesHertz.length);
      const base = ownOutputBase(speaker);
      const common = { templates, firstOwn, frames: BATCH_FRAMES };
      firstOwn += speaker.templates;
      return {
        gains,
        inBins: new OutputModels({ ...common, base, positions }, gains),
        inBands: new OutputModels(
          { ...common, base: targets.meansOfBins(base), positions: targets.meansOfBins(positions) },
          gains,
        ),
      };
    });
  }

  private update(): void {
    const { targets, speakers, batch, recipe } = this;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) batch[frame] = this.random.integer(this.mixtures.count);
    const outputs = speakers.map(({ inBands }) => inBands);
    this.computeModels(outputs);
    const models = outputs.map((output) => output.models);
    let loss = 0;
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      const first = frame * outputs[0]!.stride;
      const target = batch[frame]! * targets.bands;
      loss += maskGradients(models, targets, first, target, targets.bands, MASK_EXPONENT, 1 / BATCH_FRAMES);
    }
    this.loss = loss / (this.mixtures.bins * speakers.length);
    const rate = recipe.learningRate * Math.sqrt(1 - this.updates / recipe.updates);
    for (const { inBands, gains } of speakers) {
      inBands.backward();
      gains.step(rate);
    }
    this.updates++;
  }

  /** Passes the next mixture frames, and the speakers' adapted models of them, to the mask network's fit. */
  private addExamples(): void {
    const { mixtures, networkFit, speakers, batch } = this;
    const count = Math.min(BATCH_FRAMES, mixtures.count - this.added);
    for (let frame = 0; frame < BATCH_FRAMES; frame++) batch[frame] = this.added + Math.min(frame, count - 1);
    const outputs = speakers.map(({ inBins }) => inBins);
    this.computeModels(outputs);
    const models = outputs.map((output) => output.models);
    for (let frame = 0; frame < count; frame++) networkFit.add(models, frame * outputs[0]!.stride);
    this.added += count;
  }

  /** Computes the models of the frames in `batch`. */
  private computeModels(outputs: readonly OutputModels[]): void {
    const { templates, activations } = this.mixtures;
    for (const output of outputs) {
      for (let frame = 0; frame < BATCH_FRAMES; frame++)
        output.setActivations(frame, activations, this.batch[frame]! * templates);
      output.compute();
    }
  }
}

function repeated(count: number, step: () => void): (() => void)[] {
  return Array.from({ length: count }, () => step);
}

import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../core/errors.ts';
import { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import { DEFAULT_QUEFRENCIES, featureCount, templateFeatures } from '../network/features.ts';
import { type DenseLayer, LOG_TEMPLATE_RANGE, TemplateNetwork } from '../network/TemplateNetwork.ts';
import {
  backwardPass,
  createSineLayers,
  type DenseWeights,
  disposeLayers,
  type LayerPass,
  layerSums,
  type NamedGradient,
} from './denseLayers.ts';
import { interpolate } from './resampleTemplates.ts';
import { learningRateFactor, ScheduledAdam } from './ScheduledAdam.ts';
import type { ChainLink } from './TemplateChain.ts';

/** Units per hidden layer, 80 for 64 templates and 64 for 32: the most that presets of 30 and 20 kB allow. */
const hiddenUnits = (templates: number) => Math.min(96, Math.round(48 + templates / 2));
/** Optimiser steps. */
export const DEFAULT_STEPS = 800;
const LEARNING_RATE = 2e-2;
/** Random frequencies per window and step. A network fitted at the bins only would ring between them at high quefrencies. */
const POINTS_PER_WINDOW = 100;

/**
 * Fits a template network to the matrices of a chain. The loss is the KL divergence between matrices and network at random frequencies,
 * summed over the templates, each weighted by its share.
 */
export class NetworkFit {
  /** Number of calls of `advance` until the fit is complete. */
  readonly steps: number;
  private readonly links: readonly ChainLink[];
  private readonly sampleRateHertz: Hertz;
  private readonly random: Random;
  private readonly templates: number;
  private readonly layers: readonly DenseWeights[];
  private readonly shares: tf.Tensor;
  private readonly optimizer = new ScheduledAdam(LEARNING_RATE, 0.9, 0.99);
  private step = 0;

  /**
   * Requires a started tfjs backend (`chooseBackend`); must be disposed of.
   * @param links at least one, all of one chain
   * @param sampleRateHertz sample rate of the chain's training
   * @throws InputError if there are no links
   */
  constructor(links: readonly ChainLink[], sampleRateHertz: Hertz, seed: number, steps = DEFAULT_STEPS) {
    this.steps = steps;
    this.links = links;
    this.sampleRateHertz = sampleRateHertz;
    this.random = new Random(seed);
    const [first] = links;
    if (first === undefined) throw new InputError('links must contain at least one link, got 0');
    const { templates } = first;
    const hidden = hiddenUnits(templates);
    this.templates = templates;
    this.layers = createSineLayers([featureCount(DEFAULT_QUEFRENCIES), hidden, hidden, templates], this.random);
    const shares = Float32Array.from({ length: templates }, (_, template) => meanShare(links, template));
    this.shares = tf.tensor2d(shares, [1, templates]);
  }

  /** Performs one optimiser step. @returns the loss before the step, KL divergence per point, or null unless `withLoss` */
  advance(withLoss: boolean): number | null {
    this.optimizer.setLearningRate(LEARNING_RATE * learningRateFactor(this.step, this.steps));
    const { features, targets, points } = this.drawPoints();
    let loss: number | null = null;
    tf.tidy(() => {
      const input = tf.tensor2d(features, [points, features.length / points]);
      const target = tf.tensor2d(targets, [points, targets.length / points]);
      const { gradients, estimate } = this.gradients(input, target, points);
      this.optimizer.applyGradients(gradients);
      if (withLoss) loss = this.loss(estimate, target, points);
    });
    this.step++;
    return loss;
  }

  /** The network in its current state, independent of tfjs. */
  network(): TemplateNetwork {
    const layers = this.layers.map(({ matrix, bias }): DenseLayer => {
      const [inputs, outputs] = matrix.shape as [number, number];
      const transposed = tf.tidy(() => tf.transpose(matrix).dataSync());
      return { inputs, outputs, weights: Float32Array.from(transposed), biases: Float32Array.from(bias.dataSync()) };
    });
    return new TemplateNetwork(DEFAULT_QUEFRENCIES, layers);
  }

  /** Releases all tensors: the memory of tfjs backends is not garbage collected. */
  dispose(): void {
    disposeLayers(this.layers);
    this.shares.dispose();
    this.optimizer.dispose();
  }

  /** Draws random frequencies for every window of the chain, with the values of the matrices there as targets. */
  private drawPoints(): { features: Float32Array; targets: Float32Array; points: number } {
    const { links, sampleRateHertz, random, templates } = this;
    const points = links.length * POINTS_PER_WINDOW;
    const frequencies = new Float64Array(points);
    const durations = new Float64Array(points);
    const targets = new Float32Array(points * templates);
    links.forEach((link, index) => {
      for (let draw = 0; draw < POINTS_PER_WINDOW; draw++) {
        const point = index * POINTS_PER_WINDOW + draw;
        const position = ((draw + random.uniform()) / POINTS_PER_WINDOW) * (link.windowSamples / 2);
        frequencies[point] = (position * sampleRateHertz) / link.windowSamples;
        durations[point] = link.windowSamples / sampleRateHertz;
        for (let template = 0; template < templates; template++) {
          targets[point * templates + template] = interpolate(link, template, position);
        }
      }
    });
    return { features: templateFeatures(DEFAULT_QUEFRENCIES, frequencies, durations), targets, points };
  }

  /** Forward and backward pass. With exp at the output, the gradient of KL with respect to the logarithms is estimate - target. */
  private gradients(
    input: tf.Tensor2D,
    target: tf.Tensor2D,
    points: number,
  ): { gradients: NamedGradient[]; estimate: tf.Tensor } {
    const passes: LayerPass[] = [];
    let sums = input;
    for (const layer of this.layers) {
      const before = sums;
      const pass: LayerPass =
        passes.length === 0
          ? { layer, input, inputDerivative: null }
          : { layer, input: tf.sin(before), inputDerivative: () => tf.cos(before) };
      passes.push(pass);
      sums = layerSums(layer, pass.input);
    }
    const logarithm = tf.clipByValue(sums, LOG_TEMPLATE_RANGE.minimum, LOG_TEMPLATE_RANGE.maximum);
    const estimate = tf.exp(logarithm);
    const outputGradient = tf.mul(tf.sub(estimate, target), tf.div(this.shares, points)) as tf.Tensor2D;
    return { gradients: backwardPass(passes, outputGradient), estimate };
  }

  private loss(estimate: tf.Tensor, target: tf.Tensor, points: number): number {
    const estimates = estimate.dataSync();
    const targets = target.dataSync();
    const shares = this.shares.dataSync();
    let loss = 0;
    for (let index = 0; index < targets.length; index++) {
      const value = targets[index]!;
      const logRatio = value > 0 ? value * Math.log(value / estimates[index]!) : 0;
      loss += shares[index % shares.length]! * (logRatio - value + estimates[index]!);
    }
    return loss / points;
  }
}

function meanShare(links: readonly ChainLink[], template: number): number {
  return links.reduce((sum, link) => sum + link.shares[template]!, 0) / links.length;
}

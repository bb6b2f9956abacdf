import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../core/Random.ts';
import type { Hertz } from '../core/units.ts';
import { DEFAULT_QUEFRENCIES, featureCount, templateFeatures } from '../network/features.ts';
import { type DenseLayer, LOG_TEMPLATE_RANGE, TemplateNetwork } from '../network/TemplateNetwork.ts';
import { interpolate } from './resampleTemplates.ts';
import type { ChainLink } from './TemplateChain.ts';

/** 80 units for 64 templates, 64 for 32: as large as presets of 30 and 20 kB allow. */
const hiddenUnits = (templates: number) => Math.min(96, Math.round(48 + templates / 2));
const STEPS = 800;
const WARM_UP_STEPS = 20;
const LEARNING_RATE = 2e-2;
/** Frequencies drawn anew at every window and step. Fitted on the bins alone, high quefrencies would ring between them. */
const POINTS_PER_WINDOW = 100;

type NamedGradient = { readonly name: string; readonly tensor: tf.Tensor };
type Weights = { readonly matrix: tf.Variable; readonly bias: tf.Variable };

/** Adam (Kingma and Ba 2015) whose learning rate can follow a schedule. */
class ScheduledAdam extends tf.AdamOptimizer {
  schedule(learningRate: number): void {
    this.learningRate = learningRate;
  }
}

/**
 * Fits a template network to the matrices of a chain: sum over templates of their share times the KL divergence between matrix and
 * network at random frequencies. The gradients are written out, because tfjs-core registers none in Node and its backends multiply
 * transposed matrices ten times slower than transposing first.
 */
export class NetworkFit {
  readonly steps = STEPS;
  private readonly links: readonly ChainLink[];
  private readonly sampleRateHertz: Hertz;
  private readonly random: Random;
  private readonly layers: readonly Weights[];
  private readonly shares: tf.Tensor;
  private readonly optimizer = new ScheduledAdam(LEARNING_RATE, 0.9, 0.99);
  private step = 0;

  /** @param links of one chain, trained at `sampleRateHertz`; needs a started tfjs backend */
  constructor(links: readonly ChainLink[], sampleRateHertz: Hertz, seed: number) {
    this.links = links;
    this.sampleRateHertz = sampleRateHertz;
    this.random = new Random(seed);
    const { templates } = links[0]!;
    const hidden = hiddenUnits(templates);
    const sizes = [featureCount(DEFAULT_QUEFRENCIES), hidden, hidden, templates];
    this.layers = sizes
      .slice(1)
      .map((outputs, index) => this.initialWeights(sizes[index]!, outputs, index === sizes.length - 2));
    const shares = Float32Array.from({ length: templates }, (_, template) => meanShare(links, template));
    this.shares = tf.tensor2d(shares, [1, templates]);
  }

  /** One optimisation step. @returns the loss before it, in nepers of KL per point, or null where it was not asked for */
  advance(wantsLoss: boolean): number | null {
    this.optimizer.schedule(LEARNING_RATE * this.schedule());
    const { features, targets, points } = this.drawPoints();
    let loss: number | null = null;
    tf.tidy(() => {
      const input = tf.tensor2d(features, [points, features.length / points]);
      const target = tf.tensor2d(targets, [points, targets.length / points]);
      const { gradients, estimate } = this.gradients(input, target, points);
      this.optimizer.applyGradients(gradients);
      if (wantsLoss) loss = this.loss(estimate, target, points);
    });
    this.step++;
    return loss;
  }

  /** The network as it stands, to be sampled without tfjs. */
  network(): TemplateNetwork {
    const layers = this.layers.map(({ matrix, bias }): DenseLayer => {
      const [inputs, outputs] = matrix.shape as [number, number];
      const transposed = tf.tidy(() => tf.transpose(matrix).dataSync());
      return { inputs, outputs, weights: Float32Array.from(transposed), biases: Float32Array.from(bias.dataSync()) };
    });
    return new TemplateNetwork(DEFAULT_QUEFRENCIES, layers);
  }

  /** Gives all tensors back: the backends' memory is not collected. */
  dispose(): void {
    for (const { matrix, bias } of this.layers) {
      matrix.dispose();
      bias.dispose();
    }
    this.shares.dispose();
    this.optimizer.dispose();
  }

  /** 20 steps of warm-up, then half a cosine down to zero. */
  private schedule(): number {
    if (this.step < WARM_UP_STEPS) return (this.step + 1) / WARM_UP_STEPS;
    return (1 + Math.cos((Math.PI * (this.step - WARM_UP_STEPS)) / (STEPS - WARM_UP_STEPS))) / 2;
  }

  /** Uniform weights for sine units (Sitzmann et al. 2020), a small head so that the fit starts at flat templates. */
  private initialWeights(inputs: number, outputs: number, isHead: boolean): Weights {
    const weightRange = isHead ? 0.3 / Math.sqrt(inputs) : Math.sqrt(6 / inputs);
    const biasRange = isHead ? 0 : Math.PI;
    const draw = (length: number, range: number) =>
      Float32Array.from({ length }, () => this.random.between(-range, range));
    return {
      matrix: ownedVariable(tf.tensor2d(draw(inputs * outputs, weightRange), [inputs, outputs])),
      bias: ownedVariable(tf.tensor1d(draw(outputs, biasRange))),
    };
  }

  /** Random frequencies at every window of the chain, with the matrices' values there as targets. */
  private drawPoints(): { features: Float32Array; targets: Float32Array; points: number } {
    const { links, sampleRateHertz, random } = this;
    const { templates } = links[0]!;
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

  /** Forward and backward pass. With exp at the output the gradient of KL is simply estimate minus target. */
  private gradients(
    input: tf.Tensor2D,
    target: tf.Tensor2D,
    points: number,
  ): { gradients: NamedGradient[]; estimate: tf.Tensor } {
    const inputs: tf.Tensor2D[] = [input];
    const sums: tf.Tensor2D[] = [];
    this.layers.forEach(({ matrix, bias }, index) => {
      const sum = tf.add(tf.matMul(inputs[index]!, matrix as tf.Tensor2D), bias) as tf.Tensor2D;
      sums.push(sum);
      if (index < this.layers.length - 1) inputs.push(tf.sin(sum));
    });
    const logarithm = tf.clipByValue(sums.at(-1)!, LOG_TEMPLATE_RANGE.minimum, LOG_TEMPLATE_RANGE.maximum);
    const estimate = tf.exp(logarithm);
    let upstream = tf.mul(tf.sub(estimate, target), tf.div(this.shares, points)) as tf.Tensor2D;
    const gradients: NamedGradient[] = [];
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const { matrix, bias } = this.layers[index]!;
      gradients.push({ name: matrix.name, tensor: tf.matMul(tf.transpose(inputs[index]!), upstream) });
      gradients.push({ name: bias.name, tensor: tf.sum(upstream, 0) });
      if (index > 0) {
        const toInputs = tf.matMul(upstream, tf.transpose(matrix) as tf.Tensor2D);
        upstream = tf.mul(toInputs, tf.cos(sums[index - 1]!)) as tf.Tensor2D;
      }
    }
    return { gradients, estimate };
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

/** A variable shares its initial tensor's data, but not its count: without the disposal each would leave one behind. */
function ownedVariable(initial: tf.Tensor): tf.Variable {
  const variable = tf.variable(initial);
  initial.dispose();
  return variable;
}

function meanShare(links: readonly ChainLink[], template: number): number {
  return links.reduce((sum, link) => sum + link.shares[template]!, 0) / links.length;
}

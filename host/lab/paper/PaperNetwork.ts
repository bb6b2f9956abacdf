import * as tf from '@tensorflow/tfjs-core';
import { paired } from '../../../engine/core/paired.ts';
import { Random } from '../../../engine/core/Random.ts';
import type { Hertz } from '../../../engine/core/units.ts';
import { klDivergence } from '../../../engine/factorization/divergence.ts';
import { chooseBackend } from '../../../engine/trainer/backend.ts';
import { sineAndCosine } from '../../../engine/trainer/sineAndCosine.ts';
import type { Spectra } from '../../../engine/trainer/spectra.ts';
import { klGradient } from './klGradient.ts';
import {
  PAPER_OCTAVES,
  type PaperCoordinate,
  type PaperLayer,
  type PaperTemplates,
  paperCoordinates,
  paperFeatures,
  paperLayers,
  paperWeightCount,
  softplus,
} from './PaperTemplates.ts';
import { Rprop } from './Rprop.ts';

export interface PaperTrainingOptions {
  readonly sampleRateHertz: Hertz;
  /** @default 20 */
  readonly templates?: number;
  /** @default 1000 */
  readonly epochs?: number;
  /** @default 'hertz' */
  readonly coordinate?: PaperCoordinate;
  /** @default 1 */
  readonly seed?: number;
  /** Awaited after each epoch with the fraction of epochs done, 0 to 1; may reject to cancel. */
  readonly afterEpoch?: (fraction: number) => Promise<void>;
}

export const PAPER_DEFAULTS = { templates: 20, epochs: 1000, coordinate: 'hertz', seed: 1 } as const;
/** Initial Rprop step of every weight: the published learning rate. */
export const PAPER_FIRST_STEP = 1e-3;

/** Results of a layer for all bins, kept for the backward pass. */
interface Passed {
  readonly input: tf.Tensor2D;
  /** Derivative of the sine that follows the layer; null without one. */
  readonly slope: tf.Tensor2D | null;
}

/**
 * The paper's model of a speaker, as released: V = H W. Each template of W is a separate network over frequency with a softplus
 * output; H is the softplus of free parameters. Rprop minimises the mean KL divergence of all frames at once (Subramani, Smaragdis,
 * Higuchi and Souden, "Rethinking Non-Negative Matrix Factorization with Implicit Neural Representations"). For comparison only:
 * `NetworkFit` takes a thirtieth of the time, and gives the reasons for explicit gradients.
 */
export class PaperNetwork {
  /** [templates x weights], then H before its softplus, [frames x templates] */
  readonly parameters: Float32Array;
  /** Gradients of the summed KL divergence, in the layout of `parameters`; written by `differentiate`. */
  readonly gradients: Float32Array;

  private readonly spectra: Spectra;
  private readonly templates: number;
  private readonly coordinate: PaperCoordinate;
  private readonly sampleRateHertz: Hertz;
  private readonly phases: Float32Array;
  private readonly layers = paperLayers();
  private readonly weightCount = paperWeightCount();
  private readonly magnitudes: tf.Tensor2D;
  /** [templates] each [bins x 20] */
  private readonly features: readonly tf.Tensor2D[];
  private readonly optimizer: Rprop;

  /** @param spectra in the paper's units (`paperSpectra`). The tfjs backend must have been started. */
  constructor(spectra: Spectra, options: PaperTrainingOptions) {
    const random = new Random(options.seed ?? PAPER_DEFAULTS.seed);
    this.spectra = spectra;
    this.templates = options.templates ?? PAPER_DEFAULTS.templates;
    this.coordinate = options.coordinate ?? PAPER_DEFAULTS.coordinate;
    this.sampleRateHertz = options.sampleRateHertz;
    const { templates, sampleRateHertz } = this;
    this.phases = Float32Array.from({ length: templates * PAPER_OCTAVES }, () => normal(random));
    const points = paperCoordinates(this.coordinate, spectra.windowSamples, sampleRateHertz, sampleRateHertz);
    this.features = Array.from({ length: templates }, (_, template) => {
      const phases = this.phases.subarray(template * PAPER_OCTAVES, (template + 1) * PAPER_OCTAVES);
      return tf.tensor2d(paperFeatures(points, phases), [spectra.bins, 2 * PAPER_OCTAVES]);
    });
    this.magnitudes = tf.tensor2d(spectra.values, [spectra.frames, spectra.bins]);
    this.parameters = new Float32Array(templates * this.weightCount + spectra.frames * templates);
    this.gradients = new Float32Array(this.parameters.length);
    this.initialize(random);
    this.optimizer = new Rprop(this.parameters, PAPER_FIRST_STEP);
  }

  /** Runs one epoch: one optimiser step over all frames. */
  advance(): void {
    this.differentiate();
    this.optimizer.advance(this.gradients);
  }

  /** Writes `gradients` for the current `parameters`. */
  differentiate(): void {
    const { spectra, templates, layers, weightCount } = this;
    const { frames, bins } = spectra;
    tf.tidy(() => {
      const passes = this.features.map((features, template) => this.pass(features, template));
      const outputs = tf.stack(passes.map(({ output }) => tf.reshape(output, [bins]))) as tf.Tensor2D;
      const raw = tf.tensor2d(this.parameters.slice(templates * weightCount), [frames, templates]);
      const matrix = tf.softplus(outputs);
      const activations = tf.softplus(raw);
      const slope = klGradient(this.magnitudes, tf.matMul(activations, matrix));
      const toActivations = tf.mul(tf.matMul(slope, tf.transpose(matrix)), tf.sigmoid(raw));
      this.gradients.set(toActivations.dataSync(), templates * weightCount);
      const toOutputs = tf.mul(tf.matMul(tf.transpose(activations), slope), tf.sigmoid(outputs));
      paired(tf.unstack(toOutputs), passes).forEach(([row, { passed }], template) => {
        let upstream = tf.reshape(row, [bins, 1]) as tf.Tensor2D;
        for (const [index, [layer, values]] of Array.from(paired(layers, passed).entries()).toReversed()) {
          upstream = this.passBack(layer, template, values, upstream, index > 0);
        }
      });
    });
  }

  /** @returns mean KL divergence per frame and bin, the paper's reconstruction error (in units of 1e-5 in its tables) */
  divergence(): number {
    const { spectra, templates, weightCount } = this;
    const model = tf.tidy(() => {
      const rows = this.features.map((features, template) =>
        tf.reshape(this.pass(features, template).output, [spectra.bins]),
      );
      const activations = Float32Array.from(this.parameters.subarray(templates * weightCount), softplus);
      const matrix = tf.softplus(tf.stack(rows) as tf.Tensor2D);
      return tf.matMul(tf.tensor2d(activations, [spectra.frames, templates]), matrix).dataSync();
    });
    return klDivergence(spectra.values, model) / spectra.values.length;
  }

  trained(): PaperTemplates {
    const { coordinate, sampleRateHertz, templates, phases } = this;
    const weights = this.parameters.slice(0, templates * this.weightCount);
    return { coordinate, sampleRateHertz, templates, phases, weights };
  }

  /** Disposes of all tensors, which the garbage collector does not free. */
  dispose(): void {
    this.magnitudes.dispose();
    for (const features of this.features) features.dispose();
  }

  private pass(features: tf.Tensor2D, template: number): { output: tf.Tensor2D; passed: Passed[] } {
    const passed: Passed[] = [];
    let input = features;
    for (const layer of this.layers) {
      const { matrix, biases } = this.numbersOf(layer, template);
      const sums = tf.add(tf.matMul(input, matrix), biases) as tf.Tensor2D;
      if (!layer.hasSine) {
        passed.push({ input, slope: null });
        input = sums;
        continue;
      }
      const sines = sums.dataSync() as Float32Array;
      const cosines = new Float32Array(sines.length);
      sineAndCosine(sines, sines, cosines);
      passed.push({ input, slope: tf.tensor2d(cosines, sums.shape) });
      input = tf.tensor2d(sines, sums.shape);
    }
    return { output: input, passed };
  }

  /** Writes the gradients of a layer. @returns the gradient of its input, or its argument if that is not needed */
  private passBack(
    layer: PaperLayer,
    template: number,
    { input, slope }: Passed,
    afterSine: tf.Tensor2D,
    isInputWanted: boolean,
  ): tf.Tensor2D {
    const upstream = slope === null ? afterSine : tf.mul<tf.Tensor2D>(afterSine, slope);
    const start = template * this.weightCount;
    this.gradients.set(tf.matMul(tf.transpose(input), upstream).dataSync(), start + layer.matrixOffset);
    this.gradients.set(tf.sum(upstream, 0).dataSync(), start + layer.biasOffset);
    if (!isInputWanted) return upstream;
    return tf.matMul(upstream, tf.transpose(this.numbersOf(layer, template).matrix));
  }

  private numbersOf(layer: PaperLayer, template: number): { matrix: tf.Tensor2D; biases: tf.Tensor1D } {
    const start = template * this.weightCount;
    const { inputs, outputs, matrixOffset, biasOffset } = layer;
    const matrix = this.parameters.slice(start + matrixOffset, start + matrixOffset + inputs * outputs);
    const biases = this.parameters.slice(start + biasOffset, start + biasOffset + outputs);
    return { matrix: tf.tensor2d(matrix, [inputs, outputs]), biases: tf.tensor1d(biases) };
  }

  /** Draws weights uniformly within +-1 / sqrt(inputs), PyTorch's default, and H before its softplus uniformly in [0, 1]. */
  private initialize(random: Random): void {
    for (let template = 0; template < this.templates; template++) {
      for (const { inputs, outputs, matrixOffset } of this.layers) {
        const first = template * this.weightCount + matrixOffset;
        const range = 1 / Math.sqrt(inputs);
        for (let index = first; index < first + (inputs + 1) * outputs; index++) {
          this.parameters[index] = random.between(-range, range);
        }
      }
    }
    const first = this.templates * this.weightCount;
    for (let index = first; index < this.parameters.length; index++) this.parameters[index] = random.uniform();
  }
}

/** Trains the paper's networks: about 1650 GFLOP for 1000 epochs of 20 s of speech. @param spectra from `paperSpectra` */
export async function trainPaperTemplates(spectra: Spectra, options: PaperTrainingOptions): Promise<PaperTemplates> {
  await chooseBackend();
  const epochs = options.epochs ?? PAPER_DEFAULTS.epochs;
  const network = new PaperNetwork(spectra, options);
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      network.advance();
      await options.afterEpoch?.((epoch + 1) / epochs);
    }
    return network.trained();
  } finally {
    network.dispose();
  }
}

/** Standard normal (Box and Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

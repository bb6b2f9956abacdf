import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../core/Random.ts';
import type { CoordinateFunctions } from '../factorization/CoordinateBasis.ts';
import { LOG_TEMPLATE_RANGE } from '../network/TemplateNetwork.ts';
import {
  backwardPass,
  createSineLayers,
  type DenseWeights,
  disposeLayers,
  type LayerPass,
  layerSums,
} from './denseLayers.ts';
import { FOURIER_FEATURES, type FourierFeatures } from './FourierFeatures.ts';
import { ScheduledAdam } from './ScheduledAdam.ts';
import { sineAndCosine } from './sineAndCosine.ts';

const HIDDEN_UNITS = 48;
/** Batch size of `sample`: bounds memory. */
const SAMPLED_ROWS = 8192;

/**
 * `count` functions > 0 of one coordinate, represented by one network: Fourier features -> two sine layers -> exp. Requires a started
 * tfjs backend (`chooseBackend`); must be disposed of.
 */
export class CoordinateNetwork implements CoordinateFunctions {
  readonly count: number;
  private readonly features: FourierFeatures;
  private readonly layers: readonly DenseWeights[];
  private readonly optimizer = new ScheduledAdam(1e-2, 0.9, 0.99);

  constructor(features: FourierFeatures, count: number, random: Random) {
    this.features = features;
    this.count = count;
    this.layers = createSineLayers([FOURIER_FEATURES, HIDDEN_UNITS, HIDDEN_UNITS, count], random);
  }

  /**
   * Performs one optimiser step.
   * @param input [rows x FOURIER_FEATURES]
   * @param gradientsOf called with the values of the functions, [rows x count]; returns the gradient of the loss with respect to their logarithms
   */
  advance(input: Float32Array, learningRate: number, gradientsOf: (values: Float32Array) => Float32Array): void {
    this.optimizer.setLearningRate(learningRate);
    tf.tidy(() => {
      const rows = input.length / FOURIER_FEATURES;
      const { passes, output } = this.forward(tf.tensor2d(input, [rows, FOURIER_FEATURES]));
      const outputGradient = tf.tensor2d(gradientsOf(output.dataSync() as Float32Array), [rows, this.count]);
      this.optimizer.applyGradients(backwardPass(passes, outputGradient));
    });
  }

  sample(coordinates: ArrayLike<number>): Float32Array {
    const { count } = this;
    const values = new Float32Array(count * coordinates.length);
    for (let first = 0; first < coordinates.length; first += SAMPLED_ROWS) {
      const rows = Math.min(SAMPLED_ROWS, coordinates.length - first);
      const input = this.features.of(Float64Array.from({ length: rows }, (_, row) => coordinates[first + row]!));
      const sampled = tf.tidy(() => this.forward(tf.tensor2d(input, [rows, FOURIER_FEATURES])).output.dataSync());
      for (let row = 0; row < rows; row++) {
        for (let k = 0; k < count; k++) values[k * coordinates.length + first + row] = sampled[row * count + k]!;
      }
    }
    return values;
  }

  /** Number of trainable weights. */
  get weights(): number {
    return this.layers.reduce((sum, { matrix, bias }) => sum + matrix.size + bias.size, 0);
  }

  /** Releases all tensors: the memory of tfjs backends is not garbage collected. */
  dispose(): void {
    disposeLayers(this.layers);
    this.optimizer.dispose();
  }

  /** @returns `output`: values of the functions, [rows x count] */
  private forward(input: tf.Tensor2D): { passes: LayerPass[]; output: tf.Tensor2D } {
    const passes: LayerPass[] = [];
    let sums = input;
    for (const layer of this.layers) {
      const pass = passes.length === 0 ? { layer, input, inputDerivative: null } : { layer, ...sines(sums) };
      passes.push(pass);
      sums = layerSums(layer, pass.input);
    }
    const logarithms = tf.clipByValue(sums, LOG_TEMPLATE_RANGE.minimum, LOG_TEMPLATE_RANGE.maximum);
    return { passes, output: tf.exp(logarithms) as tf.Tensor2D };
  }
}

/** Sines of a hidden layer's sums, the input of the layer after it. */
function sines(sums: tf.Tensor2D): Pick<LayerPass, 'input' | 'inputDerivative'> {
  const angles = sums.dataSync() as Float32Array;
  const values = new Float32Array(angles.length);
  const derivatives = new Float32Array(angles.length);
  sineAndCosine(angles, values, derivatives);
  return { input: tf.tensor2d(values, sums.shape), inputDerivative: () => tf.tensor2d(derivatives, sums.shape) };
}

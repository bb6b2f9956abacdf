import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../core/Random.ts';
import type { CoordinateFunctions } from '../factorization/CoordinateBasis.ts';
import { LOG_TEMPLATE_RANGE } from '../network/TemplateNetwork.ts';
import { FOURIER_FEATURES, type FourierFeatures } from './FourierFeatures.ts';
import { sineAndCosine } from './sineAndCosine.ts';

const HIDDEN_UNITS = 48;
/** Rows sampled at once: bounds memory. */
const SAMPLED_ROWS = 8192;

type Weights = { readonly matrix: tf.Variable; readonly bias: tf.Variable };
type NamedGradient = { readonly name: string; readonly tensor: tf.Tensor };

/** Adam (Kingma and Ba 2015) whose learning rate can follow a schedule. */
class ScheduledAdam extends tf.AdamOptimizer {
  schedule(learningRate: number): void {
    this.learningRate = learningRate;
  }
}

/**
 * `count` functions > 0 of one coordinate as one network: Fourier features -> two sine layers -> exp. Gradients are written out for
 * the reasons given at `NetworkFit`. Needs a started tfjs backend, and `dispose` at the end.
 */
export class CoordinateNetwork implements CoordinateFunctions {
  readonly count: number;
  private readonly features: FourierFeatures;
  private readonly layers: readonly Weights[];
  private readonly optimizer = new ScheduledAdam(1e-2, 0.9, 0.99);

  constructor(features: FourierFeatures, count: number, random: Random) {
    this.features = features;
    this.count = count;
    const sizes = [FOURIER_FEATURES, HIDDEN_UNITS, HIDDEN_UNITS, count];
    this.layers = sizes.slice(1).map((outputs, index) => {
      const inputs = sizes[index]!;
      const isHead = index === sizes.length - 2;
      // Uniform weights for sine units (Sitzmann et al. 2020), a small head so that the fit starts flat.
      const weightRange = isHead ? 0.3 / Math.sqrt(inputs) : Math.sqrt(6 / inputs);
      return {
        matrix: drawn([inputs, outputs], weightRange, random),
        bias: drawn([outputs], isHead ? 0 : Math.PI, random),
      };
    });
  }

  /**
   * One step of Adam.
   * @param input [rows x FOURIER_FEATURES]
   * @param gradientsOf gets the functions' values, [rows x count], and returns the loss's gradient by their logarithms
   */
  advance(input: Float32Array, learningRate: number, gradientsOf: (values: Float32Array) => Float32Array): void {
    this.optimizer.schedule(learningRate);
    tf.tidy(() => {
      const rows = input.length / FOURIER_FEATURES;
      const { inputs, slopes, output } = this.forward(tf.tensor2d(input, [rows, FOURIER_FEATURES]));
      let upstream = tf.tensor2d(gradientsOf(output.dataSync() as Float32Array), [rows, this.count]);
      const gradients: NamedGradient[] = [];
      for (let index = this.layers.length - 1; index >= 0; index--) {
        const { matrix, bias } = this.layers[index]!;
        gradients.push({ name: matrix.name, tensor: tf.matMul(tf.transpose(inputs[index]!), upstream) });
        gradients.push({ name: bias.name, tensor: tf.sum(upstream, 0) });
        if (index === 0) continue;
        const toInputs = tf.matMul(upstream, tf.transpose(matrix) as tf.Tensor2D);
        upstream = tf.mul(toInputs, slopes[index - 1]!) as tf.Tensor2D;
      }
      this.optimizer.applyGradients(gradients);
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

  /** Numbers that are learnt. */
  get weights(): number {
    return this.layers.reduce((sum, { matrix, bias }) => sum + matrix.size + bias.size, 0);
  }

  /** Gives all tensors back: the backends' memory is not collected. */
  dispose(): void {
    for (const { matrix, bias } of this.layers) {
      matrix.dispose();
      bias.dispose();
    }
    this.optimizer.dispose();
  }

  /** slopes: the sine layers' derivatives. */
  private forward(input: tf.Tensor2D): { inputs: tf.Tensor2D[]; slopes: tf.Tensor2D[]; output: tf.Tensor2D } {
    const inputs = [input];
    const slopes: tf.Tensor2D[] = [];
    const sums = this.layers.map(({ matrix, bias }, index) => {
      const sum = tf.add(tf.matMul(inputs[index]!, matrix as tf.Tensor2D), bias) as tf.Tensor2D;
      if (index === this.layers.length - 1) return sum;
      const angles = sum.dataSync() as Float32Array;
      const sines = new Float32Array(angles.length);
      const cosines = new Float32Array(angles.length);
      sineAndCosine(angles, sines, cosines);
      inputs.push(tf.tensor2d(sines, sum.shape));
      slopes.push(tf.tensor2d(cosines, sum.shape));
      return sum;
    });
    const logarithms = tf.clipByValue(sums.at(-1)!, LOG_TEMPLATE_RANGE.minimum, LOG_TEMPLATE_RANGE.maximum);
    return { inputs, slopes, output: tf.exp(logarithms) as tf.Tensor2D };
  }
}

function drawn(shape: number[], range: number, random: Random): tf.Variable {
  const length = shape.reduce((product, size) => product * size, 1);
  const initial = tf.tensor(
    Float32Array.from({ length }, () => random.between(-range, range)),
    shape,
  );
  const variable = tf.variable(initial);
  initial.dispose();
  return variable;
}

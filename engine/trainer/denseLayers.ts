import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../core/Random.ts';

/** Trainable weights of one fully connected layer. */
export interface DenseWeights {
  /** [inputs x outputs] */
  readonly matrix: tf.Variable;
  /** [outputs] */
  readonly bias: tf.Variable;
}

export interface NamedGradient {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/**
 * Layers of a network with sine units, initialised as in Sitzmann et al. 2020. The last layer starts with small weights and no bias, so
 * that the output starts flat.
 * @param sizes number of inputs, then outputs of each layer
 */
export function createSineLayers(sizes: readonly number[], random: Random): DenseWeights[] {
  return sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index]!;
    const isLast = index === sizes.length - 2;
    const weightRange = isLast ? 0.3 / Math.sqrt(inputs) : Math.sqrt(6 / inputs);
    return {
      matrix: randomVariable([inputs, outputs], weightRange, random),
      bias: randomVariable([outputs], isLast ? 0 : Math.PI, random),
    };
  });
}

/** Weighted sums of a layer, before its activation function. @param input [rows x inputs] @returns [rows x outputs] */
export function layerSums({ matrix, bias }: DenseWeights, input: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.matMul(input, matrix as tf.Tensor2D), bias) as tf.Tensor2D;
}

/** A layer and its input in a forward pass. */
export interface LayerPass {
  readonly layer: DenseWeights;
  /** [rows x inputs] */
  readonly input: tf.Tensor2D;
  /** Derivative of the input with respect to the sums of the layer before, [rows x inputs]; null for the first layer. */
  readonly inputDerivative: (() => tf.Tensor2D) | null;
}

/**
 * Backward pass. Written out, because tfjs-core registers no gradients in Node, and because its backends multiply by a transposed matrix
 * ten times slower than they transpose the matrix and then multiply.
 * @param passes of all layers, in the order of the forward pass
 * @param outputGradient gradient of the loss with respect to the sums of the last layer, [rows x outputs]
 */
export function backwardPass(passes: readonly LayerPass[], outputGradient: tf.Tensor2D): NamedGradient[] {
  const gradients: NamedGradient[] = [];
  let upstream = outputGradient;
  for (const { layer, input, inputDerivative } of passes.toReversed()) {
    const { matrix, bias } = layer;
    gradients.push({ name: matrix.name, tensor: tf.matMul(tf.transpose(input), upstream) });
    gradients.push({ name: bias.name, tensor: tf.sum(upstream, 0) });
    if (inputDerivative === null) break;
    const inputGradient = tf.matMul(upstream, tf.transpose(matrix) as tf.Tensor2D);
    upstream = tf.mul(inputGradient, inputDerivative()) as tf.Tensor2D;
  }
  return gradients;
}

/** Releases the tensors: the memory of tfjs backends is not garbage collected. */
export function disposeLayers(layers: readonly DenseWeights[]): void {
  for (const { matrix, bias } of layers) {
    matrix.dispose();
    bias.dispose();
  }
}

/** Uniform in [-range, range). */
function randomVariable(shape: number[], range: number, random: Random): tf.Variable {
  const length = shape.reduce((product, size) => product * size, 1);
  const initial = tf.tensor(
    Float32Array.from({ length }, () => random.between(-range, range)),
    shape,
  );
  const variable = tf.variable(initial);
  // The variable shares the data of its initial tensor, but not its reference count.
  initial.dispose();
  return variable;
}

import type { Random } from '../core/Random.ts';
import { BatchedProducts } from '../kernel/BatchedProducts.ts';
import { Adam } from './Adam.ts';

export interface LayerShape {
  readonly inputs: number;
  readonly width: number;
  /** Frames of a batch, a multiple of 4. */
  readonly frames: number;
}

/**
 * Fully connected linear layer during training, one batch at a time: fill `inputs`, call `forward`, fill `outputGradients`, call
 * `backward` if the layer has a predecessor, then `step`.
 */
export class TrainableLayer {
  private readonly weights: Float32Array;
  private readonly shape: LayerShape;
  private readonly weightDecay: number;
  private readonly optimiser: Adam;
  private readonly products: BatchedProducts;
  private readonly backwardProducts: BatchedProducts;
  private readonly transposed: Float32Array;
  private readonly weightGradient: Float32Array;
  private readonly gradient: Float64Array;

  /**
   * @param weights [inputs + 1 x width] initialised with random numbers here and changed in place; the last row holds the biases
   * @param weightDecay factor of the weights, not the biases, in the gradient
   */
  constructor(weights: Float32Array, shape: LayerShape, weightDecay: number, random: Random) {
    const { inputs, width, frames } = shape;
    this.weights = weights;
    this.shape = shape;
    this.weightDecay = weightDecay;
    this.optimiser = new Adam(weights);
    this.products = new BatchedProducts({ bins: width, templates: inputs + 1, frames });
    this.backwardProducts = new BatchedProducts({ bins: inputs, templates: width, frames });
    this.transposed = new Float32Array(inputs * width);
    this.weightGradient = new Float32Array(weights.length);
    this.gradient = new Float64Array(weights.length);
    const range = Math.sqrt(3 / inputs);
    for (let index = 0; index < inputs * width; index++) weights[index] = random.between(-range, range);
    for (let frame = 0; frame < frames; frame++) this.inputs(frame)[inputs] = 1;
  }

  /** [inputs + 1] inputs of a frame; the last one must stay 1. */
  inputs(frame: number): Float32Array {
    const { activations, templateStride } = this.products;
    return row(activations.values, frame, templateStride, this.shape.inputs + 1);
  }

  /** [width] outputs of a frame, after `forward`. */
  outputs(frame: number): Float32Array {
    const { models, binStride } = this.products;
    return row(models.values, frame, binStride, this.shape.width);
  }

  /** [width] gradient of the loss with respect to a frame's outputs, to be filled before `backward` and `step`. */
  outputGradients(frame: number): Float32Array {
    const { gradients, binStride } = this.products;
    return row(gradients.values, frame, binStride, this.shape.width);
  }

  /** [inputs] gradient of the loss with respect to a frame's inputs, after `backward`. */
  inputGradients(frame: number): Float32Array {
    const { models, binStride } = this.backwardProducts;
    return row(models.values, frame, binStride, this.shape.inputs);
  }

  forward(): void {
    this.products.multiply(this.weights);
  }

  /** Propagates gradients from outputs to inputs. */
  backward(): void {
    const { inputs, width, frames } = this.shape;
    const { weights, transposed, backwardProducts } = this;
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < width; output++)
        transposed[output * inputs + input] = weights[input * width + output]!;
    const { activations, templateStride } = backwardProducts;
    for (let frame = 0; frame < frames; frame++)
      row(activations.values, frame, templateStride, width).set(this.outputGradients(frame));
    backwardProducts.multiply(transposed);
  }

  /** Ends the batch: one optimiser step on the gradient summed over the frames. @param rate learning rate */
  step(rate: number): void {
    const { weights, weightGradient, gradient, weightDecay, shape } = this;
    this.products.multiplyTransposed(weightGradient);
    const decayed = shape.inputs * shape.width;
    for (let index = 0; index < weights.length; index++)
      gradient[index] = weightGradient[index]! + (index < decayed ? weightDecay * weights[index]! : 0);
    this.optimiser.step(gradient, rate);
  }
}

function row(values: Float32Array, frame: number, stride: number, count: number): Float32Array {
  return values.subarray(frame * stride, frame * stride + count);
}

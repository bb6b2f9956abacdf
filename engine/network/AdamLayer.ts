import type { Random } from '../core/Random.ts';
import { BatchedProducts } from '../kernel/BatchedProducts.ts';

const FIRST_MOMENT = 0.9;
const SECOND_MOMENT = 0.999;

export interface LayerShape {
  readonly inputs: number;
  readonly width: number;
  /** Of a batch; a multiple of 4. */
  readonly frames: number;
}

/** A fully connected layer while it learns, a batch at a time: Adam (Kingma and Ba 2015) on the sum of the frames' slopes. */
export class AdamLayer {
  private readonly weights: Float32Array;
  private readonly shape: LayerShape;
  private readonly decay: number;
  private readonly products: BatchedProducts;
  private readonly backward: BatchedProducts;
  private readonly transposed: Float32Array;
  private readonly gradient: Float32Array;
  private readonly first: Float32Array;
  private readonly second: Float32Array;

  /**
   * @param weights [inputs + 1 x width] the last row for the biases, filled with random numbers here and changed in place
   * @param decay pulls weights, not biases, towards 0
   */
  constructor(weights: Float32Array, shape: LayerShape, decay: number, random: Random) {
    const { inputs, width, frames } = shape;
    this.weights = weights;
    this.shape = shape;
    this.decay = decay;
    this.products = new BatchedProducts({ bins: width, templates: inputs + 1, frames });
    this.backward = new BatchedProducts({ bins: inputs, templates: width, frames });
    this.transposed = new Float32Array(inputs * width);
    this.gradient = new Float32Array(weights.length);
    this.first = new Float32Array(weights.length);
    this.second = new Float32Array(weights.length);
    const range = Math.sqrt(3 / inputs);
    for (let index = 0; index < inputs * width; index++) weights[index] = random.between(-range, range);
    for (let frame = 0; frame < frames; frame++) this.inputs(frame)[inputs] = 1;
  }

  /** [inputs + 1] of a frame; the last one stays 1 */
  inputs(frame: number): Float32Array {
    const { activations, templateStride } = this.products;
    return row(activations.values, frame, templateStride, this.shape.inputs + 1);
  }

  /** [width] of a frame, after `run` */
  outputs(frame: number): Float32Array {
    const { models, binStride } = this.products;
    return row(models.values, frame, binStride, this.shape.width);
  }

  /** [width] of a frame, by the outputs: to be filled before `gather` */
  slopes(frame: number): Float32Array {
    const { slopes, binStride } = this.products;
    return row(slopes.values, frame, binStride, this.shape.width);
  }

  /** [inputs] of a frame, by the inputs, after `lead` */
  inputSlopes(frame: number): Float32Array {
    const { models, binStride } = this.backward;
    return row(models.values, frame, binStride, this.shape.inputs);
  }

  run(): void {
    this.products.multiply(this.weights);
  }

  /** Leads slopes by the outputs back to the inputs. */
  lead(): void {
    const { inputs, width, frames } = this.shape;
    const { weights, transposed, backward } = this;
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < width; output++)
        transposed[output * inputs + input] = weights[input * width + output]!;
    for (let frame = 0; frame < frames; frame++)
      row(backward.activations.values, frame, backward.templateStride, width).set(this.slopes(frame));
    backward.multiply(transposed);
  }

  /** Ends the batch. @param update from 1 */
  descend(rate: number, update: number): void {
    const { weights, gradient, first, second, decay, shape } = this;
    this.products.gather(gradient);
    const decayed = shape.inputs * shape.width;
    const firstScale = 1 / (1 - FIRST_MOMENT ** update);
    const secondScale = 1 / (1 - SECOND_MOMENT ** update);
    for (let index = 0; index < weights.length; index++) {
      const slope = gradient[index]! + (index < decayed ? decay * weights[index]! : 0);
      first[index] = FIRST_MOMENT * first[index]! + (1 - FIRST_MOMENT) * slope;
      second[index] = SECOND_MOMENT * second[index]! + (1 - SECOND_MOMENT) * slope * slope;
      weights[index]! -= (rate * firstScale * first[index]!) / (Math.sqrt(secondScale * second[index]!) + 1e-8);
    }
  }
}

function row(values: Float32Array, frame: number, stride: number, count: number): Float32Array {
  return values.subarray(frame * stride, frame * stride + count);
}

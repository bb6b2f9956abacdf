import type { Random } from '../core/Random.ts';

const FIRST_MOMENT = 0.9;
const SECOND_MOMENT = 0.999;

/** A fully connected layer while it learns: Adam (Kingma and Ba 2015) on the mean slopes of a batch. */
export class AdamLayer {
  /** [width] of the latest `run`; may be overwritten */
  readonly outputs: Float32Array;
  /** [inputs] slopes by the inputs, of the latest `gather` */
  readonly inputSlopes: Float32Array;

  private readonly weights: Float32Array;
  private readonly decay: number;
  private readonly gradient: Float32Array;
  private readonly first: Float32Array;
  private readonly second: Float32Array;

  /**
   * @param weights [inputs + 1 x width] the last row for the biases, filled with random numbers here and changed in place
   * @param decay pulls weights, not biases, towards 0
   */
  constructor(weights: Float32Array, inputs: number, width: number, decay: number, random: Random) {
    this.weights = weights;
    this.decay = decay;
    this.outputs = new Float32Array(width);
    this.inputSlopes = new Float32Array(inputs);
    this.gradient = new Float32Array(weights.length);
    this.first = new Float32Array(weights.length);
    this.second = new Float32Array(weights.length);
    const range = Math.sqrt(3 / inputs);
    for (let index = 0; index < inputs * width; index++) weights[index] = random.between(-range, range);
  }

  /** @param inputs [inputs] */
  run(inputs: Float32Array): void {
    const { weights, outputs } = this;
    const width = outputs.length;
    outputs.set(weights.subarray(inputs.length * width));
    for (let input = 0; input < inputs.length; input++) {
      const value = inputs[input]!;
      const row = input * width;
      for (let output = 0; output < width; output++) outputs[output]! += value * weights[row + output]!;
    }
  }

  /** Adds a frame to the batch. @param inputs of its `run` @param slopes [width] by the outputs */
  gather(inputs: Float32Array, slopes: Float32Array): void {
    const { weights, gradient, inputSlopes } = this;
    const width = slopes.length;
    for (let input = 0; input < inputs.length; input++) {
      const value = inputs[input]!;
      const row = input * width;
      let sum = 0;
      for (let output = 0; output < width; output++) {
        gradient[row + output]! += value * slopes[output]!;
        sum += weights[row + output]! * slopes[output]!;
      }
      inputSlopes[input] = sum;
    }
    const biases = inputs.length * width;
    for (let output = 0; output < width; output++) gradient[biases + output]! += slopes[output]!;
  }

  /** Ends the batch. @param update from 1 */
  descend(rate: number, update: number): void {
    const { weights, gradient, first, second, decay } = this;
    const decayed = this.inputSlopes.length * this.outputs.length;
    const firstScale = 1 / (1 - FIRST_MOMENT ** update);
    const secondScale = 1 / (1 - SECOND_MOMENT ** update);
    for (let index = 0; index < weights.length; index++) {
      const slope = gradient[index]! + (index < decayed ? decay * weights[index]! : 0);
      first[index] = FIRST_MOMENT * first[index]! + (1 - FIRST_MOMENT) * slope;
      second[index] = SECOND_MOMENT * second[index]! + (1 - SECOND_MOMENT) * slope * slope;
      weights[index]! -= (rate * firstScale * first[index]!) / (Math.sqrt(secondScale * second[index]!) + 1e-8);
    }
    gradient.fill(0);
  }
}

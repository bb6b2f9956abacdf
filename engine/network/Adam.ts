import { ADAM } from '../kernel/KernelFunctions.ts';

/** Adam optimiser of one array of parameters (D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015). */
export class Adam {
  private readonly parameters: Float32Array;
  private readonly first: Float32Array;
  private readonly second: Float32Array;
  private steps = 0;

  /** @param parameters changed in place by `step` */
  constructor(parameters: Float32Array) {
    this.parameters = parameters;
    this.first = new Float32Array(parameters.length);
    this.second = new Float32Array(parameters.length);
  }

  /** @param gradient [parameters] of the loss @param rate learning rate */
  step(gradient: Float64Array, rate: number): void {
    const { parameters, first, second } = this;
    const { firstMomentDecay, secondMomentDecay, epsilon } = ADAM;
    this.steps++;
    const firstScale = 1 / (1 - firstMomentDecay ** this.steps);
    const secondScale = 1 / (1 - secondMomentDecay ** this.steps);
    for (let index = 0; index < parameters.length; index++) {
      const slope = gradient[index]!;
      first[index] = firstMomentDecay * first[index]! + (1 - firstMomentDecay) * slope;
      second[index] = secondMomentDecay * second[index]! + (1 - secondMomentDecay) * slope * slope;
      parameters[index]! -= (rate * firstScale * first[index]!) / (Math.sqrt(secondScale * second[index]!) + epsilon);
    }
  }
}

const FIRST_MOMENT_DECAY = 0.9;
const SECOND_MOMENT_DECAY = 0.999;
/** Keeps the step finite where the gradient vanishes. */
const EPSILON = 1e-8;

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
    this.steps++;
    const firstScale = 1 / (1 - FIRST_MOMENT_DECAY ** this.steps);
    const secondScale = 1 / (1 - SECOND_MOMENT_DECAY ** this.steps);
    for (let index = 0; index < parameters.length; index++) {
      const slope = gradient[index]!;
      first[index] = FIRST_MOMENT_DECAY * first[index]! + (1 - FIRST_MOMENT_DECAY) * slope;
      second[index] = SECOND_MOMENT_DECAY * second[index]! + (1 - SECOND_MOMENT_DECAY) * slope * slope;
      parameters[index]! -= (rate * firstScale * first[index]!) / (Math.sqrt(secondScale * second[index]!) + EPSILON);
    }
  }
}

/** Factors of the steps from Riedmiller and Braun 1993; limits of the steps from PyTorch's defaults. */
const GROWTH = 1.2;
const SHRINKAGE = 0.5;
const SMALLEST_STEP = 1e-6;
const LARGEST_STEP = 50;

/**
 * Resilient backpropagation (M. Riedmiller, H. Braun, "A direct adaptive method for faster backpropagation learning: the RPROP
 * algorithm", ICNN 1993): each parameter has its own step size, and only the sign of its gradient counts. After a change of sign the
 * step shrinks and the parameter is not changed. Uses plain arrays: element-wise selection in tfjs costs more than the whole step.
 */
export class Rprop {
  private readonly parameters: Float32Array;
  private readonly previous: Float32Array;
  private readonly steps: Float32Array;

  /** @param parameters changed in place by `advance` @param firstStep initial step size, > 0 */
  constructor(parameters: Float32Array, firstStep: number) {
    this.parameters = parameters;
    this.previous = new Float32Array(parameters.length);
    this.steps = new Float32Array(parameters.length).fill(firstStep);
  }

  /** @param gradients [parameters] of the function to minimise */
  advance(gradients: Float32Array): void {
    const { parameters, previous, steps } = this;
    for (let index = 0; index < parameters.length; index++) {
      let gradient = gradients[index]!;
      const agreement = gradient * previous[index]!;
      if (agreement > 0) steps[index] = Math.min(LARGEST_STEP, steps[index]! * GROWTH);
      if (agreement < 0) {
        steps[index] = Math.max(SMALLEST_STEP, steps[index]! * SHRINKAGE);
        gradient = 0;
      }
      parameters[index]! -= Math.sign(gradient) * steps[index]!;
      previous[index] = gradient;
    }
  }
}

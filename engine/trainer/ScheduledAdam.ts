import * as tf from '@tensorflow/tfjs-core';

const WARM_UP_STEPS = 20;

/** Adam optimiser (Kingma and Ba 2015) with a learning rate that can be changed between steps. */
export class ScheduledAdam extends tf.AdamOptimizer {
  setLearningRate(learningRate: number): void {
    this.learningRate = learningRate;
  }
}

/**
 * Factor of the learning rate at a step: a linear warm-up over 20 steps (or a tenth of them all, if that is less), then half a cosine
 * down to zero.
 */
export function learningRateFactor(step: number, steps: number): number {
  const warmUp = Math.min(WARM_UP_STEPS, Math.ceil(steps / 10));
  if (step < warmUp) return (step + 1) / warmUp;
  return (1 + Math.cos((Math.PI * (step - warmUp)) / (steps - warmUp))) / 2;
}

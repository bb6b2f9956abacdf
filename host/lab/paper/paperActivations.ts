import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../../engine/core/Random.ts';
import type { Spectra } from '../../../engine/trainer/spectra.ts';
import { klGradient } from './klGradient.ts';
import { PAPER_FIRST_STEP } from './PaperNetwork.ts';
import { softplus } from './PaperTemplates.ts';
import { Rprop } from './Rprop.ts';

/**
 * The paper's offline solver: activations are the softplus of free parameters, initialised uniformly in [0, 1] and fitted by Rprop for
 * all frames at once. The tfjs backend must have been started.
 * @param values [templates x bins] W, held fixed
 * @param epochs 100 as published
 * @returns [frames x templates]
 */
export function solvePaperActivations(
  spectra: Spectra,
  values: Float32Array,
  epochs: number,
  seed: number,
): Float32Array {
  const { frames, bins } = spectra;
  const templates = values.length / bins;
  const random = new Random(seed);
  const raw = Float32Array.from({ length: frames * templates }, () => random.uniform());
  const optimizer = new Rprop(raw, PAPER_FIRST_STEP);
  tf.tidy(() => {
    const magnitudes = tf.tensor2d(spectra.values, [frames, bins]);
    const matrix = tf.tensor2d(values, [templates, bins]);
    const transposed = tf.transpose(matrix);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const gradients = tf.tidy(() => {
        const numbers = tf.tensor2d(raw.slice(), [frames, templates]);
        const slope = klGradient(magnitudes, tf.matMul(tf.softplus(numbers), matrix));
        return tf.mul(tf.matMul(slope, transposed), tf.sigmoid(numbers)).dataSync() as Float32Array;
      });
      optimizer.advance(gradients);
    }
  });
  return raw.map(softplus);
}

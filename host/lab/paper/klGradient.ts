import * as tf from '@tensorflow/tfjs-core';

/** Added to the model, so that ratios stay finite where it is silent; the published value. */
const MODEL_FLOOR = 1e-8;

/** Derivative of the summed KL divergence with respect to the model: 1 - V / model. */
export function klGradient(magnitudes: tf.Tensor2D, model: tf.Tensor2D): tf.Tensor2D {
  return tf.sub(1, tf.div(magnitudes, tf.add(model, MODEL_FLOOR)));
}

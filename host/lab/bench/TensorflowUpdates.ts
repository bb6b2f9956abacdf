import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** Multiplicative updates of one frame's activations on the WebAssembly backend of TensorFlow.js. */
export class TensorflowUpdates {
  private readonly templates: tf.Tensor2D;
  private readonly transposed: tf.Tensor2D;
  private readonly inverseSums: tf.Tensor2D;
  private readonly magnitudes: tf.Tensor2D;

  /** @returns undefined if the WebAssembly backend does not load; there is no fallback to a slower one */
  static async create(templates: Float32Array, magnitudes: Float32Array): Promise<TensorflowUpdates | undefined> {
    const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    setWasmPaths(`${folder}/`);
    const isLoaded = await tf.setBackend('wasm').catch(() => false);
    return isLoaded && tf.getBackend() === 'wasm' ? new TensorflowUpdates(templates, magnitudes) : undefined;
  }

  private constructor(templates: Float32Array, magnitudes: Float32Array) {
    const bins = magnitudes.length;
    this.templates = tf.tensor2d(templates, [templates.length / bins, bins]);
    this.transposed = tf.transpose(this.templates);
    this.inverseSums = tf.tidy(() => tf.reciprocal(tf.sum(this.transposed, 0, true)));
    this.magnitudes = tf.tensor2d(magnitudes, [1, bins]);
  }

  /** Updates activations that start equal. @returns [templates] */
  run(updates: number): Float32Array {
    const result = tf.tidy(() => {
      let activations = tf.ones<tf.Rank.R2>([1, this.templates.shape[0]]);
      for (let update = 0; update < updates; update++) {
        const ratios = tf.div(this.magnitudes, tf.matMul(activations, this.templates));
        const numerators = tf.matMul(ratios as tf.Tensor2D, this.transposed);
        activations = tf.mul(tf.mul(activations, numerators), this.inverseSums);
      }
      return activations;
    });
    const values = result.dataSync() as Float32Array;
    result.dispose();
    return values;
  }

  dispose(): void {
    for (const tensor of [this.templates, this.transposed, this.inverseSums, this.magnitudes]) tensor.dispose();
  }
}

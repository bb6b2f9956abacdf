// Learning of small networks, besides the matrix products.

import { correlateTile4, TILE_BYTES } from './tiles';
import { exp2, horizontalSums, multiplyAdd } from './vector';

const FIRST_MOMENT_DECAY: f32 = 0.9;
const SECOND_MOMENT_DECAY: f32 = 0.999;
/** Keeps the step finite where the gradient vanishes. */
const EPSILON: f32 = 1e-8;
/** 2 / ln 2: exp(2 x) is exp2 of its product with x. */
const TWICE_LOG2_E: f32 = 2.8853900818;
/** Beyond it, the hyperbolic tangent is 1 in single precision. */
const LARGEST_ARGUMENT: f32 = 10;

/**
 * correlations[frame][template] = sum over bins of template * value: the gradient with respect to the activations.
 * @param frames multiple of 4
 * @param values [frames x tiles * 24]
 * @param correlations [frames x templates], overwritten
 * @param scratch [4 * 24 + 4 * 4 * templates]
 */
export function correlateFrames(
  packed: usize,
  tiles: usize,
  templates: usize,
  values: usize,
  frames: usize,
  correlations: usize,
  scratch: usize,
): void {
  const valueStride = tiles * TILE_BYTES;
  const rowStride = templates << 2;
  const partialStride = templates << 4;
  const partials = scratch + (TILE_BYTES << 2);
  for (let frame: usize = 0; frame < frames; frame += 4) {
    memory.fill(partials, 0, partialStride << 2);
    for (let offset: usize = 0; offset < valueStride; offset += TILE_BYTES) {
      for (let row: usize = 0; row < 4; row++) {
        memory.copy(scratch + row * TILE_BYTES, values + (frame + row) * valueStride + offset, TILE_BYTES);
      }
      correlateTile4(packed + offset * templates, templates, scratch, partials, partialStride);
    }
    for (let row: usize = 0; row < 4; row++) {
      const from = partials + row * partialStride;
      const into = correlations + (frame + row) * rowStride;
      for (let at: usize = 0; at < rowStride; at += 16) {
        const four = from + (at << 2);
        const sums = horizontalSums(v128.load(four, 0), v128.load(four, 16), v128.load(four, 32), v128.load(four, 48));
        v128.store(into + at, sums);
      }
    }
  }
}

/**
 * Replaces values by their hyperbolic tangent, absolute error below 1e-6.
 * @param count multiple of 4
 */
export function applyTanh(values: usize, count: usize): void {
  const one = f32x4.splat(1);
  const two = f32x4.splat(2);
  const largest = f32x4.splat(LARGEST_ARGUMENT);
  const end = values + (count << 2);
  for (let at = values; at < end; at += 16) {
    const x = f32x4.max(f32x4.min(v128.load(at), largest), f32x4.neg(largest));
    const power = exp2(f32x4.mul(x, f32x4.splat(TWICE_LOG2_E)));
    v128.store(at, f32x4.sub(one, f32x4.div(two, f32x4.add(power, one))));
  }
}

/**
 * One step of the Adam optimiser (D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015).
 * @param count multiple of 4
 * @param first moment of the gradient, updated
 * @param second moment of the gradient, updated
 * @param weightDecay factor of the parameters that is added to the gradient
 * @param rate learning rate, divided by 1 - 0.9^steps
 * @param secondScale 1 / (1 - 0.999^steps)
 */
export function adamStep(
  parameters: usize,
  gradient: usize,
  first: usize,
  second: usize,
  count: usize,
  weightDecay: f32,
  rate: f32,
  secondScale: f32,
): void {
  const decay = f32x4.splat(weightDecay);
  const keptFirst = f32x4.splat(FIRST_MOMENT_DECAY);
  const newFirst = f32x4.splat(1 - FIRST_MOMENT_DECAY);
  const keptSecond = f32x4.splat(SECOND_MOMENT_DECAY);
  const newSecond = f32x4.splat(1 - SECOND_MOMENT_DECAY);
  const epsilon = f32x4.splat(EPSILON);
  const scale = f32x4.splat(secondScale);
  const bytes = count << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const parameter = v128.load(parameters + at);
    const slope = multiplyAdd(parameter, decay, v128.load(gradient + at));
    const mean = multiplyAdd(v128.load(first + at), keptFirst, f32x4.mul(slope, newFirst));
    const power = multiplyAdd(v128.load(second + at), keptSecond, f32x4.mul(f32x4.mul(slope, slope), newSecond));
    v128.store(first + at, mean);
    v128.store(second + at, power);
    const deviation = f32x4.add(f32x4.sqrt(f32x4.mul(power, scale)), epsilon);
    v128.store(parameters + at, f32x4.sub(parameter, f32x4.div(f32x4.mul(mean, f32x4.splat(rate)), deviation)));
  }
}

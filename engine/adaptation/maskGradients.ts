import { InputError } from '../core/errors.ts';
import { maskPower } from '../separator/WienerMask.ts';

/** Added to models, so that masks and gradients are defined in silence. */
const MODEL_FLOOR = 1e-5;
/** Mask targets are stored as bytes, in steps of 1 / 255. */
export const TARGET_STEPS = 255;

/** Targets and weights of the mask error. */
export interface MaskTargets {
  /** [speakers] of [frames x bins] target masks, in steps of 1 / `TARGET_STEPS` */
  readonly targets: readonly Uint8Array[];
  /** [frames x bins] weight of a bin's error */
  readonly weights: Float32Array;
}

/**
 * Replaces the models of one frame by the gradient, with respect to them, of the weighted squared error of their masks:
 * mask_s = (e_s + 1e-5)^q / sum over t of (e_t + 1e-5)^q, loss = scale * sum over bins and speakers of weight (mask_s - target_s)^2.
 * @param models [speakers] of models e, `bins` values from `first` on; overwritten with the gradient
 * @param maskTargets of the same speakers
 * @param firstTarget index of the frame's first bin in targets and weights
 * @param exponent q
 * @param scale 1 / number of frames that the loss is averaged over
 * @returns the loss
 * @throws InputError if there are not as many targets as models
 */
export function maskGradients(
  models: readonly Float32Array[],
  { targets, weights }: MaskTargets,
  first: number,
  firstTarget: number,
  bins: number,
  exponent: number,
  scale: number,
): number {
  const count = models.length;
  if (targets.length !== count)
    throw new InputError(`targets must be as many as models, ${count}, got ${targets.length}`);
  if (count === 2 && exponent === 2)
    return pairGradients(models[0]!, models[1]!, targets[0]!, targets[1]!, weights, first, firstTarget, bins, scale);
  const masks = new Float64Array(count);
  let loss = 0;
  for (let bin = 0; bin < bins; bin++) {
    let sum = 0;
    for (let s = 0; s < count; s++) {
      masks[s] = maskPower(models[s]![first + bin]! + MODEL_FLOOR, exponent);
      sum += masks[s]!;
    }
    const weight = scale * weights[firstTarget + bin]!;
    let common = 0;
    for (let s = 0; s < count; s++) {
      masks[s]! /= sum;
      const error = masks[s]! - targets[s]![firstTarget + bin]! / TARGET_STEPS;
      loss += weight * error * error;
      common += error * masks[s]!;
    }
    for (let s = 0; s < count; s++) {
      const error = masks[s]! - targets[s]![firstTarget + bin]! / TARGET_STEPS;
      const logGradient = 2 * weight * exponent * masks[s]! * (error - common);
      models[s]![first + bin] = logGradient / (models[s]![first + bin]! + MODEL_FLOOR);
    }
  }
  return loss;
}

/** The usual case, two speakers and an exponent of 2, in half of the time. */
function pairGradients(
  one: Float32Array,
  other: Float32Array,
  oneTargets: Uint8Array,
  otherTargets: Uint8Array,
  weights: Float32Array,
  first: number,
  firstTarget: number,
  bins: number,
  scale: number,
): number {
  let loss = 0;
  for (let bin = 0; bin < bins; bin++) {
    const oneModel = one[first + bin]! + MODEL_FLOOR;
    const otherModel = other[first + bin]! + MODEL_FLOOR;
    const oneMask = (oneModel * oneModel) / (oneModel * oneModel + otherModel * otherModel);
    const otherMask = 1 - oneMask;
    const oneError = oneMask - oneTargets[firstTarget + bin]! / TARGET_STEPS;
    const otherError = otherMask - otherTargets[firstTarget + bin]! / TARGET_STEPS;
    const weight = scale * weights[firstTarget + bin]!;
    loss += weight * (oneError * oneError + otherError * otherError);
    const slope = 4 * weight * oneMask * otherMask * (oneError - otherError);
    one[first + bin] = slope / oneModel;
    other[first + bin] = -slope / otherModel;
  }
  return loss;
}

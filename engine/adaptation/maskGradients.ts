/** A model's floor, so that silence has shares and slopes. */
const MODEL_FLOOR = 1e-5;
const TARGET_STEPS = 255;

/** What masks should be. */
export interface MaskTargets {
  /** [speakers] of [frames x bins] in steps of 1 / 255 */
  readonly targets: readonly Uint8Array[];
  /** [frames x bins] how much a bin's error counts */
  readonly weights: Float32Array;
}

/**
 * Turns the models of one frame into the slopes, by them, of the weighted square error of the masks that are made of them:
 * mask_s = (e_s + 1e-5)^q / sum over t of (e_t + 1e-5)^q, loss = scale * sum over bins and speakers of weight (mask_s - target_s)^2.
 * @param models [speakers] e, `bins` of them from `first` on; overwritten with the slopes
 * @param firstTarget where the frame's targets and weights begin
 * @param exponent q
 * @param scale 1 over the number of frames that the loss is a mean of
 * @returns the loss
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
  const masks = new Float64Array(count);
  let loss = 0;
  for (let bin = 0; bin < bins; bin++) {
    let sum = 0;
    for (let s = 0; s < count; s++) {
      const model = models[s]![first + bin]! + MODEL_FLOOR;
      masks[s] = exponent === 2 ? model * model : model ** exponent;
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
      const slope = 2 * weight * exponent * masks[s]! * (error - common);
      models[s]![first + bin] = slope / (models[s]![first + bin]! + MODEL_FLOOR);
    }
  }
  return loss;
}

/** Power relative to the mean below which weights are proportional to power. */
const POWER_FLOOR = 1e-3;
const LOUDNESS_EXPONENT = 0.4;

/**
 * Weight of the error of a bin or band, between its power and its magnitude: soft bins have more weight than with power alone.
 * @param power relative to the mean
 */
export function loudness(power: number): number {
  return power * (power + POWER_FLOOR) ** -LOUDNESS_EXPONENT;
}

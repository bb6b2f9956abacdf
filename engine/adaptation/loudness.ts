/** Power relative to the mean below which weights fall in proportion to power. */
const POWER_FLOOR = 1e-3;
const LOUDNESS_EXPONENT = 0.4;

/**
 * Weight of a bin's or band's error, between its power and its magnitude: soft bins count more than by power alone.
 * @param power relative to the mean
 */
export function loudness(power: number): number {
  return power * (power + POWER_FLOOR) ** -LOUDNESS_EXPONENT;
}

/** Aliases of `number` that name the unit. */

export type Hertz = number;
export type Seconds = number;
export type Samples = number;
export type Decibels = number;

export function decibelsToAmplitude(decibels: Decibels): number {
  return 10 ** (decibels / 20);
}

export function amplitudeToDecibels(amplitude: number): Decibels {
  return 20 * Math.log10(amplitude);
}

/** Level of a power (energy) ratio. */
export function powerToDecibels(power: number): Decibels {
  return 10 * Math.log10(power);
}

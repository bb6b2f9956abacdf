import { sineAndCosine } from './sineAndCosine.ts';

/** Range and resolution of Fourier features. Lags are in seconds (quefrencies) for a coordinate in hertz, in hertz for one in seconds. */
export interface FourierOptions {
  /** Smallest value of the coordinate. */
  readonly start: number;
  /** Largest minus smallest value of the coordinate. */
  readonly range: number;
  /** Largest lag; details narrower than 0.5 / `finest` are not resolved. */
  readonly finest: number;
}

/** Logarithmic lags for the coarse shape, linear ones for details; with linear lags alone the functions would be periodic. */
const LOGARITHMIC_LAGS = 28;
const LINEAR_LAGS = 28;
export const FOURIER_FEATURES = 2 * (LOGARITHMIC_LAGS + LINEAR_LAGS);

/** cos and sin of 2 pi lag (x - start) at fixed lags. */
export class FourierFeatures {
  private readonly start: number;
  private readonly lags: Float64Array;

  constructor({ start, range, finest }: FourierOptions) {
    this.start = start;
    const coarsest = Math.min(finest, 0.25 / range);
    this.lags = Float64Array.from({ length: LOGARITHMIC_LAGS + LINEAR_LAGS }, (_, index) =>
      index < LOGARITHMIC_LAGS
        ? coarsest * (finest / (4 * coarsest)) ** (index / (LOGARITHMIC_LAGS - 1))
        : ((index - LOGARITHMIC_LAGS + 1) / LINEAR_LAGS) * finest,
    );
  }

  /** @returns [coordinates x FOURIER_FEATURES] */
  of(coordinates: ArrayLike<number>): Float32Array {
    const { start, lags } = this;
    const angles = new Float32Array(coordinates.length * lags.length);
    for (let point = 0; point < coordinates.length; point++) {
      const offset = coordinates[point]! - start;
      for (let index = 0; index < lags.length; index++) {
        const turns = offset * lags[index]!;
        angles[point * lags.length + index] = 2 * Math.PI * (turns - Math.round(turns));
      }
    }
    const sines = new Float32Array(angles.length);
    const cosines = new Float32Array(angles.length);
    sineAndCosine(angles, sines, cosines);
    const values = new Float32Array(2 * angles.length);
    for (let index = 0; index < angles.length; index++) {
      values[2 * index] = cosines[index]!;
      values[2 * index + 1] = sines[index]!;
    }
    return values;
  }
}

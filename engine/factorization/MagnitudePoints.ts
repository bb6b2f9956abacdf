/** Magnitudes at arbitrary points of the time-frequency plane, the input of a factorization. `TimeFrequencyPoints` has this form. */
export interface MagnitudePoints {
  /** [points] */
  readonly timesSeconds: Float64Array;
  /** [points] */
  readonly frequenciesHertz: Float64Array;
  /** [points] finite and >= 0, in the domain that is modelled: apply any exponent before */
  readonly magnitudes: Float32Array;
}

/** What is factorized: magnitudes anywhere in the plane. The points of `engine/transform` have this form. */
export interface MagnitudePoints {
  readonly timesSeconds: Float64Array;
  readonly frequenciesHertz: Float64Array;
  /** finite and >= 0, as they are modelled: raise them to a power before */
  readonly magnitudes: Float32Array;
}

/** Measurements of a separator. Fields are overwritten in place: copy what must be kept. */
export interface Telemetry {
  /** Frames since construction or reset. */
  frames: number;
  /** Solver iterations of the latest frame. */
  iterations: number;
  /** Upper bound on the excess of the latest frame's KL divergence over its minimum, relative to the frame's magnitude. */
  relativeGap: number;
  /** Input samples replaced by silence because they were not finite or above `LOUDEST_INPUT`. */
  invalidSamples: number;
}

export function emptyTelemetry(): Telemetry {
  return { frames: 0, iterations: 0, relativeGap: 0, invalidSamples: 0 };
}

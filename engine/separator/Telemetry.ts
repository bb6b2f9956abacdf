/** What a separator measured; the fields are overwritten in place, so a reader copies what it wants to keep. */
export interface Telemetry {
  /** Frames since construction or reset. */
  frames: number;
  /** Solver iterations of the latest frame. */
  iterations: number;
  /** Bound on how far the latest frame is above the best KL divergence, relative to the frame's magnitude. */
  relativeGap: number;
  /** Input samples that were not finite, or louder than `LOUDEST_INPUT`, and became silence. */
  invalidSamples: number;
}

export function emptyTelemetry(): Telemetry {
  return { frames: 0, iterations: 0, relativeGap: 0, invalidSamples: 0 };
}

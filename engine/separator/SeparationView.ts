import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';

/** A separator's latest frame, for display. Borrowed: read the arrays between blocks, on the thread of `process`, and never write them. */
export interface SeparationView {
  readonly speakerSet: SpeakerSetShape;
  /** [2 * bins] interleaved real and imaginary parts of the mixture */
  readonly spectrum: Float32Array;
  /** [speakers][bins] masks, 0 to 1 */
  readonly gains: readonly Float32Array[];
  /** [bins] mask of the rest, 0 to 1 */
  readonly restGains: Float32Array;
  /** Activations of all templates, speaker after speaker. */
  readonly activations: Float32Array;
  /** [speakers] index of each speaker's first template in `activations` */
  readonly firstTemplates: Int32Array;
  /** [speakers] probability that a speaker is active */
  readonly probabilities: Float32Array;
}

import type { SpeakerSet } from '../model/SpeakerSet.ts';

/** A separator's latest frame, to look at. The arrays are the engine's own: read between blocks, on its thread, never written. */
export interface SeparationView {
  readonly speakerSet: SpeakerSet;
  /** [2 * bins] interleaved real and imaginary parts of the mixture */
  readonly spectrum: Float32Array;
  /** [speakers][bins] mask, 0 to 1 */
  readonly gains: readonly Float32Array[];
  /** [bins] */
  readonly restGains: Float32Array;
  /** h of all templates, speaker after speaker */
  readonly activations: Float32Array;
  /** Of each speaker in `activations`. */
  readonly firstTemplates: Int32Array;
}

import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';

/**
 * A speaker set ready to run: its shape, and the memory of the compute kernel with all matrices merged and packed. The audio thread only
 * copies the memory, a tile at a time. Plain data; can be posted to another thread, the image without a copy if it is transferred or
 * lies in shared memory. It must not be written until the swap has copied it.
 */
export interface PackedSpeakerSet {
  readonly shape: SpeakerSetShape;
  readonly image: Int32Array;
}

import type { Samples } from '../../engine/core/units.ts';
import type { TapMark } from '../../engine/realtime/TapMarks.ts';

/** Consecutive frames of the tap with the same mark. Borrowed until the next block is read. */
export interface TapBlock {
  /** [frames * TAP_CHANNELS] interleaved */
  readonly frames: Float32Array;
  /** Index of the first frame in `frames`. */
  readonly first: number;
  readonly count: Samples;
  readonly mark: number;
  readonly state: TapMark;
}

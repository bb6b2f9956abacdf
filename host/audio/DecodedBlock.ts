import type { Hertz } from '../../engine/core/units.ts';

/** A piece of decoded sound: at least one channel, all of the same length. */
export interface DecodedBlock {
  readonly channels: readonly Float32Array[];
  readonly sampleRateHertz: Hertz;
}

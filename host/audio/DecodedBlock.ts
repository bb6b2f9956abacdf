import type { Hertz } from '../../engine/core/units.ts';

/** A block of decoded samples: at least one channel, all of the same length. */
export interface DecodedBlock {
  readonly channels: readonly Float32Array[];
  readonly sampleRateHertz: Hertz;
}

import type { Hertz } from '../core/units.ts';
import type { TimeFrequencyPoints } from './TimeFrequencyPoints.ts';

/** Converts a whole recording to points, offline. Every implementation passes `test/contracts/transform.ts`. */
export interface TimeFrequencyTransform {
  /** Identifies transform and main parameter, such as `stft-1024`. */
  readonly name: string;
  /**
   * @param signal mono, about -1 to 1, silent before its first and after its last sample
   * @returns points at times from 0 to the duration of the signal and frequencies from 0 to half the sample rate
   * @throws InputError if the transform does not support the sample rate
   */
  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints;
}

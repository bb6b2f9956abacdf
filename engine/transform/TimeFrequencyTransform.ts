import type { Hertz } from '../core/units.ts';
import type { TimeFrequencyPoints } from './TimeFrequencyPoints.ts';

/** Turns a whole recording into points; offline. Every implementation passes `test/contracts/transform.ts`. */
export interface TimeFrequencyTransform {
  /** Such as `stft-1024`. */
  readonly name: string;
  /**
   * @param signal mono, about -1 to 1; what lies before and after it counts as silence
   * @returns points at times from 0 to the signal's duration and frequencies from 0 to half the sample rate
   * @throws InputError where the sample rate does not suit the transform
   */
  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints;
}

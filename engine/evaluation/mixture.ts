import { requireNumber } from '../core/errors.ts';
import { type Decibels, decibelsToAmplitude } from '../core/units.ts';
import { energyOf, requireSound, type Signal } from './signal.ts';

/** A mixture and its two sources: mixture = target + interferer, all of one length. */
export interface Mixture {
  readonly target: Float64Array;
  readonly interferer: Float64Array;
  readonly mixture: Float64Array;
}

const MAXIMUM_SNR_DECIBELS: Decibels = 120;

/**
 * Mixes two recordings, cut to the length of the shorter one, at a given signal-to-noise ratio. The interferer is scaled, the target is
 * not; the sum may exceed full scale.
 * @param snrDecibels ratio of the energies of target and interferer within the common length, -120 to 120
 * @throws InputError if a source is silent or not finite within the common length, or the ratio is out of range
 */
export function mixAtSnr(target: Signal, interferer: Signal, snrDecibels: Decibels): Mixture {
  requireNumber('snrDecibels', snrDecibels, -MAXIMUM_SNR_DECIBELS, MAXIMUM_SNR_DECIBELS);
  const length = Math.min(target.length, interferer.length);
  const kept = Float64Array.from(target.subarray(0, length));
  const scaled = Float64Array.from(interferer.subarray(0, length));
  requireSound('target', kept);
  requireSound('interferer', scaled);
  const gain = Math.sqrt(energyOf(kept) / energyOf(scaled)) * decibelsToAmplitude(-snrDecibels);
  const mixture = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    scaled[n]! *= gain;
    mixture[n] = kept[n]! + scaled[n]!;
  }
  return { target: kept, interferer: scaled, mixture };
}

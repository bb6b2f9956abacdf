import { requireNumber } from '../core/errors.ts';
import { type Decibels, decibelsToAmplitude } from '../core/units.ts';
import { requireSound, type Signal } from './signal.ts';

/** Two sources as they lie in the mixture: mixture = target + interferer, all of one length. */
export interface Mixture {
  readonly target: Float64Array;
  readonly interferer: Float64Array;
  readonly mixture: Float64Array;
}

const MAXIMUM_SNR_DECIBELS: Decibels = 120;

/**
 * Mixes two recordings: both cut to the shorter, the interferer scaled to the target's energy (of what was left) and then by
 * -snr dB. The target keeps its level; the sum may exceed full scale.
 * @param snrDecibels energy of the target over that of the interferer, -120 to 120
 * @throws InputError where one is silent or not finite in what was left, or the ratio is out of range
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

function energyOf(signal: Float64Array): number {
  let energy = 0;
  for (let n = 0; n < signal.length; n++) energy += signal[n]! ** 2;
  return energy;
}

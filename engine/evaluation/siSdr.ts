import { type Decibels, powerToDecibels } from '../core/units.ts';
import { requireSameLength, requireSound, type Signal } from './signal.ts';

/**
 * Scale-invariant signal to distortion ratio: 10 log10 |a s|^2 / |a s - e|^2, a = <s, e> / |s|^2, for reference s and estimate e
 * (Le Roux, Wisdom, Erdogan and Hershey, "SDR - half-baked or well done?", ICASSP 2019). Means are not removed. Filtering counts as
 * distortion, and so does a delay of one sample.
 * @param reference [samples]
 * @param estimate [samples], of the same length
 * @returns -Infinity for orthogonal signals, Infinity for signals that are equal up to a factor
 * @throws InputError if a signal is silent or not finite, or the lengths differ
 */
export function siSdr(reference: Signal, estimate: Signal): Decibels {
  requireSameLength('estimate', estimate, 'reference', reference);
  requireSound('reference', reference);
  requireSound('estimate', estimate);
  let product = 0;
  let referenceEnergy = 0;
  for (let n = 0; n < reference.length; n++) {
    product += reference[n]! * estimate[n]!;
    referenceEnergy += reference[n]! ** 2;
  }
  const scale = product / referenceEnergy;
  let distortionEnergy = 0;
  for (let n = 0; n < reference.length; n++) distortionEnergy += (scale * reference[n]! - estimate[n]!) ** 2;
  return powerToDecibels((scale * product) / distortionEnergy);
}

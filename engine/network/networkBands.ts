import { type BandSpacing, bandEdges } from '../core/bandEdges.ts';
import type { Hertz } from '../core/units.ts';

/** Bands of the spectrum at the input of a mask network, in hertz. */
const INPUT_SPACING: BandSpacing = { smallest: 31.25, relative: 0.03 };
/** Bands for which a mask network infers shares, in hertz. */
const OUTPUT_SPACING: BandSpacing = { smallest: 62.5, relative: 0.1 };

/** @returns [input bands + 1] edges in hertz, from 0 to `bandwidthHertz` */
export function inputEdges(bandwidthHertz: Hertz): Float64Array {
  return Float64Array.from(bandEdges(bandwidthHertz, INPUT_SPACING));
}

/** @returns [output bands + 1] edges in hertz, from 0 to `bandwidthHertz` */
export function outputEdges(bandwidthHertz: Hertz): Float64Array {
  return Float64Array.from(bandEdges(bandwidthHertz, OUTPUT_SPACING));
}

/** @returns [bins] band of each bin; bins above the last edge belong to the last band */
export function bandsOfBins(edgesHertz: Float64Array, bins: number, binHertz: Hertz): Int32Array {
  const bands = new Int32Array(bins);
  let band = 0;
  for (let bin = 0; bin < bins; bin++) {
    while (band < edgesHertz.length - 2 && bin * binHertz >= edgesHertz[band + 1]! - 1e-6) band++;
    bands[bin] = band;
  }
  return bands;
}

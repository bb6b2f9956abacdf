import type { Hertz } from '../core/units.ts';
import { inputEdges, outputEdges } from './networkBands.ts';

/** A mask network without its weights. */
export interface MaskNetworkShape {
  readonly bandwidthHertz: Hertz;
  readonly speakers: number;
  /** Temporal prior: exponent, 0 to 1, applied to each speaker's share of the recent power, which multiplies the speaker's odds in a bin. */
  readonly temporalPrior: number;
}

/**
 * Mask network of speakers that are loaded together: infers each speaker's share of each band from the spectrum of one frame and from the
 * speakers' models of it. One hidden layer, then a softmax over the speakers in every band. Bands are fixed in hertz, so a network
 * is valid at any window and sample rate.
 */
export interface MaskNetwork extends MaskNetworkShape {
  /** [inputs + 1 x HIDDEN_UNITS] row-major. Inputs: `BandFeatures`, then the features of `ModelShares`; the last row holds the biases. */
  readonly first: Float32Array;
  /** [HIDDEN_UNITS + 1 x speakers * output bands] row-major, columns speaker after speaker; the last row holds the biases. */
  readonly second: Float32Array;
}

export const HIDDEN_UNITS = 256;

/** Number of weights in each layer. */
export function networkSizes(
  bandwidthHertz: Hertz,
  speakers: number,
): { readonly first: number; readonly second: number } {
  const outputs = (outputEdges(bandwidthHertz).length - 1) * speakers;
  return {
    first: (inputEdges(bandwidthHertz).length - 1 + outputs + 1) * HIDDEN_UNITS,
    second: (HIDDEN_UNITS + 1) * outputs,
  };
}

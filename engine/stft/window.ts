import { requireInteger } from '../core/errors.ts';

/** Analysis window and matching synthesis window, which is aligned with the end of the analysis window. */
export interface WindowPair {
  /** [window], >= 0 */
  readonly analysis: Float32Array;
  /** [synthesis], at most as long as the analysis window */
  readonly synthesis: Float32Array;
}

/** Sine window (square root of a Hann window), centred between samples: reconstructs perfectly as a pair with half overlap. */
export function sineWindow(windowSamples: number): Float32Array {
  requireInteger('windowSamples', windowSamples, 1, 1 << 20);
  return Float32Array.from({ length: windowSamples }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / windowSamples));
}

/** Sine windows for analysis and synthesis: the delay is the whole window. */
export function symmetricPair(windowSamples: number): WindowPair {
  return { analysis: sineWindow(windowSamples), synthesis: sineWindow(windowSamples) };
}

/**
 * Long analysis window with a short synthesis window at its end: delay of the short window, frequency resolution of the long one
 * (D. Mauler, R. Martin, "A low delay, variable resolution, perfect reconstruction spectral analysis-synthesis system for speech
 * enhancement", EUSIPCO 2007). Their product is a Hann window of `synthesisSamples`.
 * @param windowSamples length of the analysis window
 * @param synthesisSamples even, at most windowSamples
 */
export function asymmetricPair(windowSamples: number, synthesisSamples: number): WindowPair {
  requireInteger('windowSamples', windowSamples, 2, 1 << 20);
  requireInteger('synthesisSamples', synthesisSamples, 2, windowSamples);
  requireInteger('synthesisSamples / 2', synthesisSamples / 2, 1, windowSamples / 2);
  const fallSamples = synthesisSamples / 2;
  const riseSamples = windowSamples - fallSamples;
  const analysis = new Float32Array(windowSamples);
  for (let n = 0; n < riseSamples; n++) analysis[n] = Math.sin((Math.PI / 2) * ((n + 0.5) / riseSamples));
  const synthesis = new Float32Array(synthesisSamples);
  for (let n = 0; n < fallSamples; n++) {
    const angle = (Math.PI / 2) * ((n + 0.5) / fallSamples);
    analysis[riseSamples + n] = Math.cos(angle);
    synthesis[fallSamples + n] = Math.cos(angle);
    synthesis[n] = Math.sin(angle) ** 2 / analysis[riseSamples - fallSamples + n]!;
  }
  return { analysis, synthesis };
}

/** Sum of the squared window: power of unit-variance noise after windowing and summation. */
export function windowEnergy(window: Float32Array): number {
  let energy = 0;
  for (const value of window) energy += value * value;
  return energy;
}

/**
 * Equivalent noise bandwidth in bins, >= 1: 1 for a rectangle, pi^2/8 = 1.2337 for the sine window
 * (F. J. Harris, "On the use of windows for harmonic analysis with the DFT", Proc. IEEE 1978, eq. 11).
 */
export function equivalentNoiseBandwidthBins(window: Float32Array): number {
  let sum = 0;
  for (const value of window) sum += value;
  return (window.length * windowEnergy(window)) / (sum * sum);
}

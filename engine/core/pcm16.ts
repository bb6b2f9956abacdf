import type { Samples } from './units.ts';

const FULL_SCALE = 32_768;

/** Samples as little-endian 16-bit integers. */
export interface Pcm16 {
  /** [2 * samples] */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number of samples that were over full scale and were cut off. */
  readonly clippedSamples: Samples;
}

/** @param name of the sound @returns a line for the user; none if nothing was cut off */
export function clippingRemarks(name: string, clippedSamples: Samples): string[] {
  return clippedSamples === 0 ? [] : [`${name}: ${clippedSamples} samples over full scale were clipped`];
}

/** @param samples [samples] full scale is -1 to 1; those above it are clipped and counted */
export function encodePcm16(samples: Float32Array): Pcm16 {
  const view = new DataView(new ArrayBuffer(2 * samples.length));
  let clippedSamples = 0;
  for (let n = 0; n < samples.length; n++) {
    const value = Math.round(samples[n]! * FULL_SCALE);
    const cut = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, value));
    if (cut !== value) clippedSamples++;
    view.setInt16(2 * n, cut, true);
  }
  return { bytes: new Uint8Array(view.buffer), clippedSamples };
}

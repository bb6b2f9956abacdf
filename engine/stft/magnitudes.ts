import type { Hertz } from '../core/units.ts';
import { windowEnergy } from './window.ts';

/** Scale 1 / sqrt(sum of w^2 * sample rate): noise has the same level at any window, hop and sample rate. */
export function magnitudeScale(window: Float32Array, sampleRateHertz: Hertz): number {
  return 1 / Math.sqrt(windowEnergy(window) * sampleRateHertz);
}

/**
 * Magnitudes V = (|X| * scale)^p, which templates and activations model.
 * @param spectrum [2 * bins] interleaved
 * @param scale from `magnitudeScale`
 * @param exponent p
 * @param magnitudes [bins] written from `offset` on
 * @thread audio. Allocates nothing.
 */
export function writeMagnitudes(
  spectrum: Float32Array,
  scale: number,
  exponent: number,
  magnitudes: Float32Array,
  offset = 0,
): void {
  const bins = spectrum.length / 2;
  for (let bin = 0; bin < bins; bin++) {
    const real = spectrum[2 * bin]!;
    const imaginary = spectrum[2 * bin + 1]!;
    const magnitude = Math.sqrt(real * real + imaginary * imaginary) * scale;
    magnitudes[offset + bin] = exponent === 0.5 ? Math.sqrt(magnitude) : magnitude ** exponent;
  }
}

/**
 * Power spectrum (|X| * scale)^2 of what `writeMagnitudes` wrote.
 * @param magnitudes [bins] (|X| * scale)^p
 * @param exponent p
 * @param powers [bins] overwritten
 * @thread audio. Allocates nothing.
 */
export function writePowers(magnitudes: Float32Array, exponent: number, powers: Float32Array): void {
  for (let bin = 0; bin < powers.length; bin++) {
    const magnitude = magnitudes[bin]!;
    const squared = magnitude * magnitude;
    powers[bin] = exponent === 0.5 ? squared * squared : magnitude ** (2 / exponent);
  }
}

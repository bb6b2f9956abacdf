import { Random } from '../../../engine/core/Random.ts';
import type { Hertz } from '../../../engine/core/units.ts';

export const GENERATED_NOTES_RATE_HERTZ: Hertz = 44_100;
/** Notes a fifth apart: windows of 23 ms could not resolve a second at this pitch. */
const STROKES = [
  { fundamentalHertz: 130.81, onsetSeconds: 0.05 },
  { fundamentalHertz: 196, onsetSeconds: 0.65 },
  { fundamentalHertz: 130.81, onsetSeconds: 1.25 },
  { fundamentalHertz: 196, onsetSeconds: 1.85 },
] as const;
const SECONDS = 2.5;
const PARTIALS = 10;
/** B of a piano's C3 in the partial frequencies f n sqrt(1 + B n^2). */
const INHARMONICITY = 2e-4;
const NOISE_AMPLITUDE = 1e-4;

/** Synthesizes C3 and G3 in turn as decaying stiff strings with weak noise: the input of `hybrid` without a recording. */
export function generatedNotes(seed: number): Float32Array {
  const random = new Random(seed);
  const samples = Float32Array.from({ length: SECONDS * GENERATED_NOTES_RATE_HERTZ }, () =>
    random.between(-NOISE_AMPLITUDE, NOISE_AMPLITUDE),
  );
  for (const { fundamentalHertz, onsetSeconds } of STROKES) {
    for (let partial = 1; partial <= PARTIALS; partial++) {
      const hertz = fundamentalHertz * partial * Math.sqrt(1 + INHARMONICITY * partial ** 2);
      const amplitude = 0.25 / partial;
      const phase = random.between(0, 2 * Math.PI);
      const first = Math.round(onsetSeconds * GENERATED_NOTES_RATE_HERTZ);
      // Damped after 0.45 s, as by the next stroke.
      for (let n = first; n < samples.length; n++) {
        const seconds = (n - first) / GENERATED_NOTES_RATE_HERTZ;
        const attack = Math.min(1, seconds / 0.004);
        const decay = Math.exp(-(1.5 + 0.4 * partial) * seconds - 30 * Math.max(0, seconds - 0.45));
        if (decay < 1e-6) break;
        samples[n]! += amplitude * attack * decay * Math.sin(2 * Math.PI * hertz * seconds + phase);
      }
    }
  }
  return samples;
}

import { Random } from '../../../engine/core/Random.ts';
import type { MagnitudePoints } from '../../../engine/factorization/MagnitudePoints.ts';

const bell = (x: number, centre: number, width: number) => Math.exp(-(((x - centre) / width) ** 2));

/** Two overlapping notes, sampled at 6000 random points of the plane that share no coordinate. */
export function decayingNotes(): MagnitudePoints {
  const random = new Random(12);
  const timesSeconds = Float64Array.from({ length: 6000 }, () => random.between(0, 2));
  const frequenciesHertz = Float64Array.from({ length: 6000 }, () => random.between(100, 3000));
  const note = (hertz: number, pitch: number) =>
    0.02 + bell(hertz, pitch, 80) + 0.5 * bell(hertz, 2 * pitch, 80) + 0.3 * bell(hertz, 4 * pitch, 80);
  const level = (seconds: number, onset: number) =>
    0.01 + Math.min(1, Math.max(0, seconds - onset) / 0.1) * Math.exp(-2 * Math.max(0, seconds - onset));
  const magnitudes = Float32Array.from(
    frequenciesHertz,
    (hertz, point) =>
      note(hertz, 400) * level(timesSeconds[point]!, 0.2) + note(hertz, 650) * level(timesSeconds[point]!, 0.9),
  );
  return { timesSeconds, frequenciesHertz, magnitudes };
}

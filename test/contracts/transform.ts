import { expect, test } from 'vitest';
import { Random } from '../../engine/core/Random.ts';
import { pointEnergy, type TimeFrequencyPoints, type TimeFrequencyTransform } from '../../engine/transform/index.ts';
import { hasSameBytes } from '../engine/hasSameBytes.ts';

export const SAMPLE_RATE_HERTZ = 16_000;

export interface TransformTolerances {
  /** Frequency tolerance of the largest point of a sine at 48 dB SNR. */
  readonly sineHertz: number;
  /** Time tolerance of the largest point of an impulse; null, with a reason, if the transform has no points for impulses. */
  readonly impulseSeconds: number | { readonly exception: string };
  /** Energy of the points over that of the signal must be within 1 / factor and factor. */
  readonly energyFactor: number;
}

/** Contract of all time-frequency transforms. */
export function transformContract(transform: TimeFrequencyTransform, tolerances: TransformTolerances): void {
  test.each([997, 1503.3, 3021.7])('a sine of %s Hz at 48 dB SNR has its largest point at its frequency', (hertz) => {
    const random = new Random(7);
    const noise = 10 ** (-48 / 20) * Math.sqrt(0.5) * Math.sqrt(3);
    const signal = tone(hertz).map((value) => value + random.between(-noise, noise));
    const points = transform.points(signal, SAMPLE_RATE_HERTZ);
    const inside = largest(points, (index) => Math.abs(points.timesSeconds[index]! - 0.5) < 0.3);
    expect(Math.abs(points.frequenciesHertz[inside]! - hertz)).toBeLessThan(tolerances.sineHertz);
  });

  test('an impulse has its largest point at its time', () => {
    if (typeof tolerances.impulseSeconds === 'object') return;
    const signal = new Float32Array(SAMPLE_RATE_HERTZ);
    signal[7000] = 1;
    const points = transform.points(signal, SAMPLE_RATE_HERTZ);
    const seconds = points.timesSeconds[largest(points)]!;
    expect(Math.abs(seconds - 7000 / SAMPLE_RATE_HERTZ)).toBeLessThan(tolerances.impulseSeconds);
  });

  test('points have the energy of a decaying harmonic sound', () => {
    const signal = decayingHarmonics();
    const energy = signal.reduce((sum, value) => sum + value * value, 0) / SAMPLE_RATE_HERTZ;
    const ratio = pointEnergy(transform.points(signal, SAMPLE_RATE_HERTZ)) / energy;
    expect(ratio).toBeGreaterThan(1 / tolerances.energyFactor);
    expect(ratio).toBeLessThan(tolerances.energyFactor);
  });

  test('points lie within the signal and are finite, for any length', () => {
    for (const samples of [0, 1, 100, 5000]) {
      const points = transform.points(decayingHarmonics().subarray(0, samples), SAMPLE_RATE_HERTZ);
      const count = points.magnitudes.length;
      for (const values of Object.values(points)) expect(values.length).toBe(count);
      for (let index = 0; index < count; index++) {
        const isSound =
          points.magnitudes[index]! >= 0 &&
          points.areas[index]! > 0 &&
          points.durationsSeconds[index]! > 0 &&
          points.timesSeconds[index]! >= 0 &&
          points.timesSeconds[index]! <= samples / SAMPLE_RATE_HERTZ &&
          points.frequenciesHertz[index]! >= 0 &&
          points.frequenciesHertz[index]! <= SAMPLE_RATE_HERTZ / 2;
        if (!isSound) expect(index).toBe('a sound point');
      }
    }
  });

  test('is deterministic, and scales with the signal', () => {
    const signal = decayingHarmonics().subarray(0, 5000);
    const points = transform.points(signal, SAMPLE_RATE_HERTZ);
    const again = transform.points(signal, SAMPLE_RATE_HERTZ);
    for (const name of Object.keys(points) as (keyof TimeFrequencyPoints)[])
      expect(hasSameBytes(again[name], points[name]), name).toBe(true);
    const doubled = transform.points(
      signal.map((value) => 2 * value),
      SAMPLE_RATE_HERTZ,
    );
    expect(doubled.magnitudes.length).toBe(points.magnitudes.length);
    const loudest = largest(points);
    expect(doubled.magnitudes[loudest]! / points.magnitudes[loudest]!).toBeCloseTo(2, 4);
  });

  test('takes less than 0.3 s for 1 s of sound', () => {
    const signal = decayingHarmonics();
    const milliseconds = [1, 2, 3].map(() => {
      const start = performance.now();
      transform.points(signal, SAMPLE_RATE_HERTZ);
      return performance.now() - start;
    });
    expect(Math.min(...milliseconds)).toBeLessThan(300);
  });
}

export function tone(hertz: number, samples = SAMPLE_RATE_HERTZ): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => Math.cos((2 * Math.PI * hertz * n) / SAMPLE_RATE_HERTZ));
}

/** @returns index of the largest of the selected points */
export function largest(
  { magnitudes }: TimeFrequencyPoints,
  isWanted: (index: number) => boolean = () => true,
): number {
  let best = -1;
  for (let index = 0; index < magnitudes.length; index++) {
    if (isWanted(index) && (best < 0 || magnitudes[index]! > magnitudes[best]!)) best = index;
  }
  return best;
}

/** Six partials of 220 Hz, struck at 0.2 s. */
function decayingHarmonics(): Float32Array {
  return Float32Array.from({ length: SAMPLE_RATE_HERTZ }, (_, n) => {
    const seconds = n / SAMPLE_RATE_HERTZ - 0.2;
    if (seconds < 0) return 0;
    let value = 0;
    for (let partial = 1; partial <= 6; partial++) {
      value += (Math.sin(2 * Math.PI * 220 * partial * seconds) / partial) * Math.exp(-4 * seconds);
    }
    return 0.3 * value * Math.min(1, seconds / 0.01);
  });
}

import type { Hertz, Seconds } from '../core/units.ts';

/**
 * Quefrencies (lags in seconds) of the cosine and sine features of frequency: logarithmically spaced ones for the spectral envelope,
 * linearly spaced ones for pitch. Linear ones alone would make templates periodic in frequency.
 */
export interface Quefrencies {
  readonly logarithmic: { readonly count: number; readonly shortestSeconds: Seconds; readonly longestSeconds: Seconds };
  readonly linear: { readonly count: number; readonly stepSeconds: Seconds };
}

export const DEFAULT_QUEFRENCIES: Quefrencies = {
  logarithmic: { count: 28, shortestSeconds: 31.25e-6, longestSeconds: 15e-3 },
  linear: { count: 28, stepSeconds: 2.125e-3 },
};

/** Duration of the window at which both duration features are 0. */
const REFERENCE_DURATION_SECONDS: Seconds = 0.064;
const DURATION_FEATURES = 2;

/** @returns [count] quefrencies in seconds, logarithmic ones first */
export function quefrencySeconds(quefrencies: Quefrencies): Float64Array {
  const { logarithmic, linear } = quefrencies;
  const seconds = new Float64Array(logarithmic.count + linear.count);
  const ratio = logarithmic.longestSeconds / logarithmic.shortestSeconds;
  for (let index = 0; index < logarithmic.count; index++) {
    seconds[index] = logarithmic.shortestSeconds * ratio ** (index / Math.max(1, logarithmic.count - 1));
  }
  for (let index = 0; index < linear.count; index++)
    seconds[logarithmic.count + index] = (index + 1) * linear.stepSeconds;
  return seconds;
}

export function featureCount(quefrencies: Quefrencies): number {
  return 2 * (quefrencies.logarithmic.count + quefrencies.linear.count) + DURATION_FEATURES;
}

/**
 * Input features of points (frequency f, window duration T): r(q/T) cos(2 pi q f) and r(q/T) sin(2 pi q f) for each quefrency q, then
 * c and c^2 with c = log2(T / 64 ms) / 2. r is the autocorrelation of the sine window, so that the features are smeared over frequency
 * exactly as a window of duration T smears a spectrum.
 * @param frequenciesHertz [points]
 * @param durationsSeconds [points] effective duration T of the window at each point
 * @returns [points x features]
 */
export function templateFeatures(
  quefrencies: Quefrencies,
  frequenciesHertz: ArrayLike<Hertz>,
  durationsSeconds: ArrayLike<Seconds>,
): Float32Array {
  const seconds = quefrencySeconds(quefrencies);
  const features = featureCount(quefrencies);
  const values = new Float32Array(frequenciesHertz.length * features);
  const smears = new Float64Array(seconds.length);
  let smearedDuration: Seconds = Number.NaN;
  for (let point = 0; point < frequenciesHertz.length; point++) {
    const row = point * features;
    const duration = durationsSeconds[point]!;
    // Points mostly come in runs of one duration.
    if (duration !== smearedDuration) {
      for (const [index, quefrency] of seconds.entries())
        smears[index] = sineWindowAutocorrelation(quefrency / duration);
      smearedDuration = duration;
    }
    for (let index = 0; index < seconds.length; index++) {
      const smear = smears[index]!;
      const angle = 2 * Math.PI * seconds[index]! * frequenciesHertz[point]!;
      values[row + 2 * index] = smear * Math.cos(angle);
      values[row + 2 * index + 1] = smear * Math.sin(angle);
    }
    const resolution = Math.log2(duration / REFERENCE_DURATION_SECONDS) / 2;
    values[row + features - 2] = resolution;
    values[row + features - 1] = resolution * resolution;
  }
  return values;
}

/** Autocorrelation of the sine window. @param lag >= 0, in window lengths @returns 1 at lag 0, 0 from lag 1 on */
export function sineWindowAutocorrelation(lag: number): number {
  if (lag >= 1) return 0;
  return (1 - lag) * Math.cos(Math.PI * lag) + Math.sin(Math.PI * lag) / Math.PI;
}

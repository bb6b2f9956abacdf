import type { Hertz, Samples } from '../../../engine/core/units.ts';

/** Uniform noise in [-1, 1) from a linear congruential generator; the same samples as in golden/make.py. */
export function noise(seed: number, samples: Samples): Float64Array {
  let state = seed;
  return Float64Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A gliding tone of 12 amplitude-modulated harmonics with pauses, plus weak noise; the same samples as in golden/make.py. */
export function voice(seed: number, sampleRateHertz: Hertz, samples: Samples): Float64Array {
  const hiss = noise(seed, samples);
  return hiss.map((sample, n) => {
    const seconds = n / sampleRateHertz;
    const phase = 2 * Math.PI * ((100 + 37 * seed) * seconds + 2 * Math.sin(2 * Math.PI * 0.7 * seconds + seed));
    let tone = 0;
    for (let h = 1; h <= 12; h++) {
      tone += (Math.sin(h * phase) * (0.6 + 0.4 * Math.sin(2 * Math.PI * (0.9 + 0.3 * h) * seconds))) / h;
    }
    return tone * Math.max(0, Math.sin(2 * Math.PI * 1.5 * seconds + seed)) + 0.003 * sample;
  });
}

/** sum of gains[i] * signals[i] */
export function sumOf(gains: readonly number[], signals: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(0)] = signals;
  return first.map((_, n) => gains.reduce((sum, gain, index) => sum + gain * signals[index]![n]!, 0));
}

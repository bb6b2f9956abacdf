import type { Random } from '../../../../engine/core/Random.ts';
import type { Hertz, Samples } from '../../../../engine/core/units.ts';

type Sound = (sample: Samples) => number;

/**
 * Sections of 10 to 200 ms as from microphones and faulty programs: tones, pulses, noise, clipping, DC, silence, from -80 dB to full
 * scale. All samples are valid: finite and between -1 and 1.
 */
export function randomSignal(random: Random, count: Samples, sampleRateHertz: Hertz): Float32Array {
  const signal = new Float32Array(count);
  for (let start = 0; start < count; ) {
    const end = Math.min(count, start + Math.ceil(random.between(0.01, 0.2) * sampleRateHertz));
    const level = 10 ** random.between(-4, 0);
    const sound = SOUNDS[random.integer(SOUNDS.length)]!(random, sampleRateHertz);
    for (let n = start; n < end; n++) signal[n] = level * sound(n - start);
    start = end;
  }
  return signal;
}

/** Values that upset arithmetic: NaN, infinities, and numbers too large or too small for audio. */
export function hostileSignal(random: Random, count: Samples): Float32Array {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, -1e30, 1e-40, -1e-44, 1, -1, 0];
  const density = random.uniform();
  return Float32Array.from({ length: count }, () =>
    random.uniform() < density ? values[random.integer(values.length)]! : random.between(-1, 1),
  );
}

const SOUNDS: readonly ((random: Random, sampleRateHertz: Hertz) => Sound)[] = [
  () => () => 0,
  (random) => () => random.between(-1, 1),
  (random, rate) => {
    const radians = (2 * Math.PI * random.between(20, Math.min(rate / 2, 8000))) / rate;
    return (n) => Math.sin(radians * n);
  },
  (random, rate) => {
    const period = Math.ceil(rate / random.between(60, 400));
    return (n) => (n % period === 0 ? 1 : 0.3 * Math.exp(-(n % period) / (period / 5)));
  },
  (random, rate) => {
    const half = Math.ceil(rate / random.between(50, 2000));
    return (n) => (n % (2 * half) < half ? 1 : -1);
  },
  (random) => {
    const voltage = random.between(-1, 1);
    return () => voltage;
  },
  () => (n) => (n === 0 ? 1 : 0),
];

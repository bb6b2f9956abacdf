import type { Random } from '../../../engine/core/Random.ts';
import type { Hertz, Seconds } from '../../../engine/core/units.ts';
import { convolve } from './convolve.ts';

/** Energy of the direct sound over that of the reverberation: 3 dB, a talker one to two metres from the microphone. */
const DIRECT_TO_REVERBERANT = 10 ** 0.3;
/** Reflections begin this long after the direct sound. */
const FIRST_REFLECTION_SECONDS: Seconds = 0.005;
/** RT60 is the time in which the energy falls to a millionth. */
const LOG_ENERGY_DECAY = Math.log(1e6);

/**
 * Adds synthetic reverberation: the direct sound and an exponentially decaying noise tail (Polack's model).
 * @param reverberationSeconds RT60; 0 returns the signal itself
 * @returns [samples] as long as the signal
 */
export function reverberate(
  signal: Float32Array,
  sampleRateHertz: Hertz,
  reverberationSeconds: Seconds,
  random: Random,
): Float32Array {
  if (reverberationSeconds === 0) return signal;
  const tail = new Float32Array(Math.round(reverberationSeconds * sampleRateHertz));
  const decay = LOG_ENERGY_DECAY / (2 * tail.length);
  let energy = 0;
  for (let n = Math.round(FIRST_REFLECTION_SECONDS * sampleRateHertz); n < tail.length; n++) {
    const sample = gaussian(random) * Math.exp(-decay * n);
    tail[n] = sample;
    energy += sample * sample;
  }
  const gain = 1 / Math.sqrt(energy * DIRECT_TO_REVERBERANT);
  const reverberant = convolve(signal, tail);
  for (let n = 0; n < reverberant.length; n++) reverberant[n] = signal[n]! + gain * reverberant[n]!;
  return reverberant;
}

/** Adds white Gaussian noise to the signal. */
export function addNoise(signal: Float32Array, rms: number, random: Random): void {
  for (let n = 0; n < signal.length; n++) signal[n]! += rms * gaussian(random);
}

/** Standard normal number (Box and Muller 1958). */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Every eighth sample is enough: speech has little above 3 kHz. */
const STEP = 8;
/** Longest delay that is looked for. */
const LONGEST_SECONDS = 1.5;

/**
 * The delay of one signal against another at which they are most alike, from half a second of sound.
 * @returns samples
 */
export function findDelay(signal: Float32Array, delayed: Float32Array, start: number, rateHertz: number): number {
  const count = Math.round(0.5 * rateHertz);
  let best = 0;
  let likest = Number.NEGATIVE_INFINITY;
  for (let delay = 0; delay < LONGEST_SECONDS * rateHertz; delay++) {
    const each = likeness(signal, delayed, start, delay, count);
    if (each > likest) {
      likest = each;
      best = delay;
    }
  }
  return best;
}

/** Cosine of the angle between the two. */
function likeness(signal: Float32Array, delayed: Float32Array, start: number, delay: number, count: number): number {
  let product = 0;
  let energy = 0;
  let delayedEnergy = 0;
  for (let n = start; n < start + count; n += STEP) {
    const one = signal[n] ?? 0;
    const other = delayed[n + delay] ?? 0;
    product += one * other;
    energy += one * one;
    delayedEnergy += other * other;
  }
  return product / Math.sqrt(energy * delayedEnergy + 1e-20);
}

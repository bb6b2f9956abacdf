/** Every eighth sample is compared: speech has little energy above 3 kHz. */
const STEP = 8;
/** Largest delay searched for. */
const MAXIMUM_SECONDS = 1.5;

/**
 * Finds the delay that maximises the correlation of two signals over half a second.
 * @param start of the compared section in `signal`, in samples
 * @returns delay of `delayed` against `signal` in samples
 */
export function findDelay(signal: Float32Array, delayed: Float32Array, start: number, rateHertz: number): number {
  const count = Math.round(0.5 * rateHertz);
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let delay = 0; delay < MAXIMUM_SECONDS * rateHertz; delay++) {
    const each = similarity(signal, delayed, start, delay, count);
    if (each > highest) {
      highest = each;
      best = delay;
    }
  }
  return best;
}

/** Normalised correlation, -1 to 1. */
function similarity(signal: Float32Array, delayed: Float32Array, start: number, delay: number, count: number): number {
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

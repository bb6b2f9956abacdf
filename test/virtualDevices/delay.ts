/** Longest delay that is looked for. */
const LONGEST_SECONDS = 0.4;
/** Likeness above which a window counts as the same sound. */
const CLEAN = 0.99;

/**
 * The delay of one signal against another at which they are most alike, from half a second of sound.
 * @returns samples
 */
export function findDelay(signal: Float32Array, delayed: Float32Array, start: number, rateHertz: number): number {
  const count = Math.round(0.5 * rateHertz);
  let best = 0;
  let likest = Number.NEGATIVE_INFINITY;
  // Coarse on every eighth sample first: speech has little above 3 kHz.
  for (let delay = 0; delay < LONGEST_SECONDS * rateHertz; delay++) {
    const each = likeness(signal, delayed, start, delay, count, 8);
    if (each > likest) {
      likest = each;
      best = delay;
    }
  }
  return best;
}

/** @returns windows of 100 ms that are what came in, delayed, of all that are not silent */
export function cleanWindows(
  signal: Float32Array,
  delayed: Float32Array,
  delay: number,
  start: number,
  count: number,
  rateHertz: number,
): { clean: number; total: number } {
  const window = Math.round(0.1 * rateHertz);
  let clean = 0;
  let total = 0;
  for (let first = start; first + window <= start + count; first += window) {
    const energy = signal.subarray(first, first + window).reduce((sum, value) => sum + value * value, 0);
    if (energy / window < 1e-6) continue;
    total++;
    if (likeness(signal, delayed, first, delay, window, 1) > CLEAN) clean++;
  }
  return { clean, total };
}

/** Cosine of the angle between the two. */
function likeness(
  signal: Float32Array,
  delayed: Float32Array,
  start: number,
  delay: number,
  count: number,
  step: number,
): number {
  let product = 0;
  let energy = 0;
  let delayedEnergy = 0;
  for (let n = start; n < start + count; n += step) {
    const one = signal[n] ?? 0;
    const other = delayed[n + delay] ?? 0;
    product += one * other;
    energy += one * one;
    delayedEnergy += other * other;
  }
  return product / Math.sqrt(energy * delayedEnergy + 1e-20);
}

import { findDelay } from './delay.ts';

/** Comparison of a recorded output with its original. */
export interface DelayTrack {
  /** [windows] delay of each window that is not a pause */
  readonly delaysSeconds: readonly number[];
  readonly windows: number;
  readonly cleanWindows: number;
  /** Times in the original where the output is missing, wrong or shifted; neighbouring windows count once. */
  readonly dropOutsSeconds: readonly number[];
}

export const WINDOW_SECONDS = 0.1;
/** A window is clean if all of its parts are. Within one part the delay hardly drifts. */
const PARTS = 5;
/** Parts of less power are pauses, in which a drop-out cannot be detected. */
const MINIMUM_POWER = 1e-4;
/** A part is clean if its correlation with the original exceeds this, near the delay of the part before. */
const CLEAN = 0.9;
/** Drift of the clocks changes the delay by less than this from part to part. */
const SLIP_SECONDS = 0.25e-3;
/** A larger slip is searched for within this range, before the delay is determined again. */
const REACH_SECONDS = 0.03;

/** Compares a recorded output with its original, following the delay from part to part. */
export function followDelay(original: Float32Array, heard: Float32Array, rateHertz: number): DelayTrack {
  const window = Math.round(WINDOW_SECONDS * rateHertz);
  const part = Math.floor(window / PARTS);
  const slip = Math.round(SLIP_SECONDS * rateHertz);
  const reach = Math.round(REACH_SECONDS * rateHertz);
  const delays: number[] = [];
  const dropOutsSeconds: number[] = [];
  let cleanWindows = 0;
  let wasClean = true;
  let delay = -1;
  for (let start = 0; start + window + 2 * rateHertz < Math.min(original.length, heard.length); start += window) {
    let isClean = true;
    let hasSound = false;
    for (let first = start; first < start + window; first += part) {
      const sound = original.subarray(first, first + part);
      if (power(sound) < MINIMUM_POWER) continue;
      hasSound = true;
      if (delay < 0) delay = findDelay(original, heard, first, rateHertz);
      let best = nearest(sound, heard, first + delay, slip);
      if (best.similarity < CLEAN) {
        isClean = false;
        best = nearest(sound, heard, first + delay, reach);
      }
      if (best.similarity < CLEAN / 2)
        best = { shift: findDelay(original, heard, first, rateHertz) - delay, similarity: 1 };
      if (best.similarity > CLEAN) delay += best.shift;
    }
    if (!hasSound) continue;
    delays.push(delay / rateHertz);
    if (isClean) cleanWindows++;
    else if (wasClean) dropOutsSeconds.push(start / rateHertz);
    wasClean = isClean;
  }
  return { delaysSeconds: delays, windows: delays.length, cleanWindows, dropOutsSeconds };
}

function power(sound: Float32Array): number {
  return sound.reduce((sum, value) => sum + value * value, 0) / sound.length;
}

/** The shift around `start` at which `heard` correlates best with `sound`. */
function nearest(sound: Float32Array, heard: Float32Array, start: number, reach: number) {
  let best = { shift: 0, similarity: similarity(sound, heard, start) };
  for (let shift = 1; shift <= reach; shift++) {
    for (const signed of [shift, -shift]) {
      const each = similarity(sound, heard, start + signed);
      if (each > best.similarity) best = { shift: signed, similarity: each };
    }
  }
  return best;
}

/** Normalised correlation, -1 to 1. */
function similarity(sound: Float32Array, heard: Float32Array, start: number): number {
  let product = 0;
  let energy = 0;
  let heardEnergy = 0;
  for (let n = 0; n < sound.length; n++) {
    const one = sound[n]!;
    const other = heard[start + n] ?? 0;
    product += one * other;
    energy += one * one;
    heardEnergy += other * other;
  }
  return product / Math.sqrt(energy * heardEnergy + 1e-20);
}

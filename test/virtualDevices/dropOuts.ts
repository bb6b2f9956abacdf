import { findDelay } from './delay.ts';

export interface Hearing {
  /** [windows] of each window that has sound in it */
  readonly delaysSeconds: readonly number[];
  readonly windows: number;
  readonly cleanWindows: number;
  /** Where sound is missing, wrong or shifted, in seconds of the original; neighbouring windows count once. */
  readonly dropOutsSeconds: readonly number[];
}

const WINDOW_SECONDS = 0.1;
/** A window is clean when all of its parts are. Within so short a part a delay that follows a clock hardly moves. */
const PARTS = 5;
/** Parts of less power are pauses, in which nothing could be heard to be missing. */
const LEAST_POWER = 1e-4;
/** A part is clean when it is more like the original than this, near the delay of the part before. */
const CLEAN = 0.9;
/** Clocks that drift move a delay by less from part to part. */
const SLIP_SECONDS = 0.25e-3;
/** How far a slip is looked for before the delay is looked for anew. */
const REACH_SECONDS = 0.03;

/** Compares what was heard with what it should be, at the delay that each part has. */
export function followDelay(original: Float32Array, heard: Float32Array, rateHertz: number): Hearing {
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
      if (power(sound) < LEAST_POWER) continue;
      hasSound = true;
      if (delay < 0) delay = findDelay(original, heard, first, rateHertz);
      let best = nearest(sound, heard, first + delay, slip);
      if (best.likeness < CLEAN) {
        isClean = false;
        best = nearest(sound, heard, first + delay, reach);
      }
      if (best.likeness < CLEAN / 2)
        best = { shift: findDelay(original, heard, first, rateHertz) - delay, likeness: 1 };
      if (best.likeness > CLEAN) delay += best.shift;
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

/** The place around `start` where `heard` is likest to `sound`. */
function nearest(sound: Float32Array, heard: Float32Array, start: number, reach: number) {
  let best = { shift: 0, likeness: likeness(sound, heard, start) };
  for (let shift = 1; shift <= reach; shift++) {
    for (const signed of [shift, -shift]) {
      const each = likeness(sound, heard, start + signed);
      if (each > best.likeness) best = { shift: signed, likeness: each };
    }
  }
  return best;
}

/** Cosine of the angle between the two. */
function likeness(sound: Float32Array, heard: Float32Array, start: number): number {
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

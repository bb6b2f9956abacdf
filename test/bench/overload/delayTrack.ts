import type { DelayPoint } from '../delayExcess.ts';

/** Delay of a window of the original; null if it is not found in the output, or pauses. */
export interface TrackedDelay extends DelayPoint {
  readonly isPause: boolean;
}

/** Averages four samples: speech has little energy above 6 kHz. */
const DECIMATION = 4;
export const WINDOW_SECONDS = 0.05;
const LONGEST_DELAY_SECONDS = 4;
/** Least correlation with the original at which a window is found. */
const ALIKE = 0.8;
/** The same far from the previous delay, where speech may resemble itself by chance. */
const ALIKE_FAR = 0.97;
const LEAST_POWER = 1e-5;

/** Finds the delay of each 50 ms of the original: near the previous delay, or anywhere up to 4 s. */
export function trackDelay(original: Float32Array, heard: Float32Array, rateHertz: number): TrackedDelay[] {
  const rate = rateHertz / DECIMATION;
  const source = decimate(original);
  const target = decimate(heard);
  const window = Math.round(WINDOW_SECONDS * rate);
  const points: TrackedDelay[] = [];
  let last = 0;
  for (let start = 0; start + window <= source.length; start += window) {
    const seconds = start / rate;
    const part = source.subarray(start, start + window);
    if (energy(part) / window < LEAST_POWER) {
      points.push({ seconds, delaySeconds: null, isPause: true });
      continue;
    }
    const near = best(part, target, start, Math.max(0, last - 0.03 * rate), last + 0.03 * rate);
    const found = near.likeness > ALIKE ? near : best(part, target, start, 0, LONGEST_DELAY_SECONDS * rate);
    const isFound = found.likeness > (found === near ? ALIKE : ALIKE_FAR);
    if (isFound) last = found.delay;
    points.push({ seconds, delaySeconds: isFound ? found.delay / rate : null, isPause: false });
  }
  return points;
}

export interface Silence {
  readonly start: number;
  readonly seconds: number;
}

/** A pause of the original is heard as one of about its length, some time later. */
const PAUSE_TOLERANCE_SECONDS = 0.02;

/** @returns silences of the loudspeaker that are not pauses of the original */
export function unwantedSilences(
  original: Float32Array,
  heard: Float32Array,
  rateHertz: number,
  leastSeconds: number,
): Silence[] {
  const pauses = silences(original, rateHertz, leastSeconds);
  return silences(heard, rateHertz, leastSeconds).filter(
    ({ start, seconds }) =>
      !pauses.some(
        (pause) =>
          start >= pause.start - PAUSE_TOLERANCE_SECONDS &&
          start <= pause.start + LONGEST_DELAY_SECONDS &&
          Math.abs(seconds - pause.seconds) < PAUSE_TOLERANCE_SECONDS,
      ),
  );
}

/** @returns runs of digital silence longer than `leastSeconds`, after the first sound */
function silences(heard: Float32Array, rateHertz: number, leastSeconds: number): Silence[] {
  const found: { start: number; seconds: number }[] = [];
  let run = 0;
  for (let n = heard.findIndex((sample) => sample !== 0); n <= heard.length; n++) {
    if (heard[n] === 0) run++;
    else {
      if (run > leastSeconds * rateHertz) found.push({ start: (n - run) / rateHertz, seconds: run / rateHertz });
      run = 0;
    }
  }
  return found;
}

function best(part: Float32Array, target: Float32Array, start: number, from: number, to: number) {
  const own = energy(part);
  let found = { delay: 0, likeness: 0 };
  for (let delay = Math.floor(from); delay <= to; delay++) {
    if (start + delay + part.length > target.length) break;
    let product = 0;
    let other = 0;
    for (let n = 0; n < part.length; n++) {
      const value = target[start + delay + n]!;
      product += part[n]! * value;
      other += value * value;
    }
    const likeness = product / Math.sqrt(own * other + 1e-20);
    if (likeness > found.likeness) found = { delay, likeness };
  }
  return found;
}

function decimate(signal: Float32Array): Float32Array {
  return Float32Array.from({ length: Math.floor(signal.length / DECIMATION) }, (_, n) => {
    let sum = 0;
    for (let k = 0; k < DECIMATION; k++) sum += signal[n * DECIMATION + k]!;
    return sum / DECIMATION;
  });
}

function energy(signal: Float32Array): number {
  return signal.reduce((sum, value) => sum + value * value, 0);
}

import type { Hertz, Samples, Seconds } from '../core/units.ts';

/** Number of segments of the history. Clock drift has the same sign in nearly all of them; jumps by a sound server do not. */
const PARTS = 8;
/** Least ratio of the smallest change between two segments to the largest at which the change counts as regular, as drift is. */
const REGULARITY = 0.5;
/** Share of the tolerated change from which a regular one counts as drift: it must be found before it has emptied the playout queue. */
const REGULAR_SHARE = 0.25;
/** Segments that may show the opposite sign, or no change. */
const CONTRARY_PARTS = 1;
/** Delays in the history; when it is full, neighbours are merged into their mean. */
const HISTORY = 8 * PARTS;
/** Least history from which a drift that was found before is estimated again. */
const LEAST_SECONDS: Seconds = 60;
/** Once drift is found, the delay that it has added is removed with this time constant. */
const RETURN_SECONDS: Seconds = 30;
/** Largest correction for that, on top of the drift: a sixth of a cent, inaudible. */
const LARGEST_RETURN = 1e-4;
/** Largest correction in all. 0.1 % is two hundredths of a semitone, and ten times the usual difference between sound cards. */
const LARGEST_CORRECTION = 1e-3;

/**
 * Estimates the drift between two clocks from the delay between them, and the resampling ratio that compensates for it. Sound servers
 * move the delay by some milliseconds at once and leave it there; following those jumps would change the pitch for nothing. Therefore
 * only a change with the same sign in nearly every part of the history counts as drift, and until there is one nothing is corrected.
 */
export class DriftEstimator {
  /** Relative change of the resampling ratio; exactly 0 while no drift has been found. */
  correction = 0;
  private readonly rateHertz: Hertz;
  private readonly tolerated: Samples;
  private drift = 0;
  private hasDrift = false;
  /** Delay at the first update, which the correction returns to. */
  private reference: Samples | null = null;
  /** Samples removed so far by the correction and by cuts: the delay would be longer by this. */
  private removed: Samples = 0;
  private readonly history = new Float64Array(HISTORY);
  private count = 0;
  /** Updates averaged into one entry of the history. */
  private stride = 1;
  private sum = 0;
  private summed = 0;
  private readonly changes = new Float64Array(PARTS - 1);

  /** @param rateHertz sample rate that delays are given in @param tolerated change of the delay below which no drift is assumed */
  constructor(rateHertz: Hertz, tolerated: Samples) {
    this.rateHertz = rateHertz;
    this.tolerated = tolerated;
  }

  /** @param delay between the clocks, averaged since the last call @param elapsed time since the last call, always the same */
  update(delay: Samples, elapsed: Seconds): void {
    this.reference ??= delay;
    this.removed += this.correction * this.rateHertz * elapsed;
    this.record(delay + this.removed);
    this.findDrift(elapsed);
    if (!this.hasDrift) return;
    const back = (delay - this.reference) / (RETURN_SECONDS * this.rateHertz);
    this.correction = limit(this.drift + limit(back, LARGEST_RETURN), LARGEST_CORRECTION);
  }

  /** The delay was shortened by `samples` at once; the remaining delay is the new reference. */
  cut(samples: Samples): void {
    this.removed += samples;
    this.reference = null;
  }

  /** The delay has changed for another reason than drift: restarts the history and keeps the drift found so far. */
  restart(): void {
    this.reference = null;
    this.count = 0;
    this.stride = 1;
    this.sum = 0;
    this.summed = 0;
    this.removed = 0;
  }

  private record(delay: Samples): void {
    this.sum += delay;
    if (++this.summed < this.stride) return;
    const { history } = this;
    history[this.count++] = this.sum / this.summed;
    this.sum = 0;
    this.summed = 0;
    if (this.count < HISTORY) return;
    this.count = HISTORY / 2;
    this.stride *= 2;
    for (let n = 0; n < this.count; n++) history[n] = (history[2 * n]! + history[2 * n + 1]!) / 2;
  }

  private findDrift(elapsed: Seconds): void {
    const { changes, history } = this;
    const part = Math.floor(this.count / PARTS);
    if (part === 0) return;
    let before = 0;
    for (let p = 0; p < PARTS; p++) {
      let sum = 0;
      for (let n = p * part; n < (p + 1) * part; n++) sum += history[n]!;
      if (p > 0) changes[p - 1] = (sum - before) / part;
      before = sum;
    }
    changes.sort();
    const upward = changes[CONTRARY_PARTS]!;
    const downward = changes[PARTS - 2 - CONTRARY_PARTS]!;
    const steady = upward > 0 ? upward : Math.min(0, downward);
    const isRegular = Math.abs(steady) > REGULARITY * Math.max(Math.abs(upward), Math.abs(downward));
    const isSteady = Math.abs(steady) * PARTS > this.tolerated * (isRegular ? REGULAR_SHARE : 1);
    this.hasDrift ||= isSteady;
    const partSeconds = part * this.stride * elapsed;
    if (!isSteady && (!this.hasDrift || partSeconds * PARTS < LEAST_SECONDS)) return;
    const median = changes[(PARTS - 2) / 2]!;
    this.drift = limit(median / (partSeconds * this.rateHertz), LARGEST_CORRECTION);
  }
}

function limit(correction: number, largest: number): number {
  return Math.max(-largest, Math.min(largest, correction));
}

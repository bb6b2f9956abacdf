import type { Hertz, Samples, Seconds } from '../core/units.ts';

/** What has been found is compared in so many parts of the time it took: drift is seen in each, what sound servers do in few. */
const PARTS = 8;
/** Parts that may go the other way, or stand still. */
const CONTRARY_PARTS = 1;
/** Delays that are remembered; when there are more, neighbours become their mean. */
const HISTORY = 8 * PARTS;
/** What was found is found anew from at least so much. */
const LEAST_SECONDS: Seconds = 60;
/** Once there is drift, what it has made of the delay is taken back in about this time. */
const RETURN_SECONDS: Seconds = 30;
/** A thirtieth of a cent each way, on top of the drift: nobody hears the pitch move. */
const LARGEST_RETURN = 1e-4;
/** 0.1 % is two hundredths of a semitone, and ten times what clocks of sound cards are apart. */
const LARGEST_CORRECTION = 1e-3;

/**
 * Finds how fast one clock drifts against another from the delay between them, and what ratio takes that back. Sound servers move a
 * delay by some milliseconds at once, and leave it there; a loudspeaker that followed them would change its pitch for nothing. So drift
 * is only what goes the same way in nearly every part of the time, and until there is some, nothing is corrected.
 */
export class DriftEstimator {
  /** Relative change of the resampling ratio; exactly 0 while no drift has been found. */
  correction = 0;
  private readonly rateHertz: Hertz;
  private readonly tolerated: Samples;
  private drift = 0;
  private hasDrift = false;
  /** What the delay was when it began to be watched. */
  private usual: Samples | null = null;
  /** What was taken out so far, by the correction and by cuts: the delay would be longer by it. */
  private takenOut: Samples = 0;
  private readonly history = new Float64Array(HISTORY);
  private count = 0;
  /** Updates that make one of the history. */
  private stride = 1;
  private sum = 0;
  private summed = 0;
  private readonly changes = new Float64Array(PARTS - 1);

  /** @param rateHertz of the samples that delays are told in @param tolerated change of the delay that may be no drift yet */
  constructor(rateHertz: Hertz, tolerated: Samples) {
    this.rateHertz = rateHertz;
    this.tolerated = tolerated;
  }

  /** @param delay between the clocks, averaged over the time since the last call @param elapsed that time, always the same */
  update(delay: Samples, elapsed: Seconds): void {
    this.usual ??= delay;
    this.takenOut += this.correction * this.rateHertz * elapsed;
    this.remember(delay + this.takenOut);
    this.findDrift(elapsed);
    if (!this.hasDrift) return;
    const back = (delay - this.usual) / (RETURN_SECONDS * this.rateHertz);
    this.correction = limit(this.drift + limit(back, LARGEST_RETURN), LARGEST_CORRECTION);
  }

  /** So many samples were left out at once; the delay that is left is as it should be. */
  cut(samples: Samples): void {
    this.takenOut += samples;
    this.usual = null;
  }

  /** The delay has changed in a way that says nothing of clocks; what was found of them stays. */
  restart(): void {
    this.usual = null;
    this.count = 0;
    this.stride = 1;
    this.sum = 0;
    this.summed = 0;
    this.takenOut = 0;
  }

  private remember(delay: Samples): void {
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
    const isSteady = Math.abs(steady) * PARTS > this.tolerated;
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

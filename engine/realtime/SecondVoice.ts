import type { Hertz, Samples, Seconds } from '../core/units.ts';

/** Pitch lives far below; fewer samples cost less. */
const RATE_HERTZ: Hertz = 8000;
const FRAME_SECONDS: Seconds = 0.04;
const LOWEST_HERTZ: Hertz = 73;
const HIGHEST_HERTZ: Hertz = 400;
/** Frames this much softer than the loudest are pauses (a 316th of the power). */
const QUIET_POWER = 10 ** -2.5;
/** What is left without the first pitch must be so periodic, and so strong a share of the frame. */
const LEAST_CLARITY = 0.55;
const LEAST_SHARE = 0.35;
/** Ratios of periods that are the same pitch again. */
const SAME_PITCH = [1, 2, 3, 1 / 2, 1 / 3, 3 / 2, 2 / 3];
/** Share of speech frames with two pitches from which a second voice is told of. */
const SECOND_VOICE_SHARE = 0.05;
const LEAST_FRAMES = 125;
/** A minute of speech settles it. */
const MOST_FRAMES = 1500;

/**
 * Listens for a second person while one is recorded: cancels the strongest pitch of each frame with a comb filter (de Cheveigne 1993),
 * and looks for another pitch in what is left. Of 63 people of LibriSpeech, 12 s each, it suspects 1; of 63 pairs of them it finds 46 where
 * both are alike loud, 35 where the other is 6 dB softer, 10 at 12 dB: it is a hint, no proof. Six readings of two minutes: none suspected.
 */
export class SecondVoice {
  private readonly decimation: number;
  private readonly frameSamples: Samples;
  private readonly shortestLag: Samples;
  private readonly longestLag: Samples;
  private readonly frame: Float32Array;
  private readonly residual: Float32Array;
  private readonly powers: number[] = [];
  private readonly doubles: boolean[] = [];
  private filled = 0;
  private phase = 0;
  private sum = 0;
  private bestLag = 0;

  constructor(sampleRateHertz: Hertz) {
    this.decimation = Math.max(1, Math.round(sampleRateHertz / RATE_HERTZ));
    const rate = sampleRateHertz / this.decimation;
    this.frameSamples = Math.round(FRAME_SECONDS * rate);
    this.shortestLag = Math.floor(rate / HIGHEST_HERTZ);
    this.longestLag = Math.ceil(rate / LOWEST_HERTZ);
    this.frame = new Float32Array(this.frameSamples + 2 * this.longestLag);
    this.residual = new Float32Array(this.frameSamples + this.longestLag);
  }

  /** Whether somebody else is probably heard, too; false before there is enough speech to tell. */
  get isHeard(): boolean {
    const quiet = QUIET_POWER * this.powers.reduce((most, power) => Math.max(most, power), 0);
    const speech = this.doubles.filter((_, frame) => this.powers[frame]! > quiet);
    return speech.length >= LEAST_FRAMES && speech.filter(Boolean).length > SECOND_VOICE_SHARE * speech.length;
  }

  add(samples: Float32Array): void {
    for (const sample of samples) {
      if (this.powers.length >= MOST_FRAMES) return;
      this.sum += sample;
      if (++this.phase < this.decimation) continue;
      this.frame[this.filled++] = this.sum / this.decimation;
      this.phase = 0;
      this.sum = 0;
      if (this.filled === this.frame.length) this.endFrame();
    }
  }

  private endFrame(): void {
    const { frame, residual, frameSamples, longestLag } = this;
    this.clarity(frame, longestLag, 0);
    const period = this.bestLag;
    let [power, left] = [1e-12, 0];
    for (let n = 0; n < residual.length; n++) {
      const sample = frame[longestLag + n]!;
      residual[n] = sample - frame[longestLag + n - period]!;
      power += sample * sample;
      left += residual[n]! * residual[n]!;
    }
    const isDouble = left / (2 * power) > LEAST_SHARE && this.clarity(residual, 0, period) > LEAST_CLARITY;
    this.powers.push(power);
    this.doubles.push(isDouble);
    frame.copyWithin(0, frameSamples);
    this.filled = frame.length - frameSamples;
  }

  /** @param other a period that is not looked for @returns the best normalised autocorrelation; its lag is in `bestLag` */
  private clarity(signal: Float32Array, start: Samples, other: Samples): number {
    const { frameSamples, shortestLag, longestLag } = this;
    let best = 0;
    this.bestLag = shortestLag;
    for (let lag = shortestLag; lag <= longestLag; lag++) {
      if (other > 0 && isSamePitch(lag, other)) continue;
      let [product, power] = [0, 1e-12];
      for (let n = start; n < start + frameSamples; n++) {
        const [one, two] = [signal[n]!, signal[n + lag]!];
        product += one * two;
        power += one * one + two * two;
      }
      const clarity = (2 * product) / power;
      // A period fits as well as its multiples do: the shortest is meant.
      if (clarity > best + 0.01) {
        best = clarity;
        this.bestLag = lag;
      }
    }
    return best;
  }
}

function isSamePitch(lag: Samples, period: Samples): boolean {
  return SAME_PITCH.some((ratio) => Math.abs(lag - ratio * period) <= Math.max(2, 0.06 * ratio * period));
}

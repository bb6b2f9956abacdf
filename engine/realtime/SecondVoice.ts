import type { Hertz, Samples, Seconds } from '../core/units.ts';

/** The analysis runs at about this rate: pitch lies far below half of it, and fewer samples cost less. */
const RATE_HERTZ: Hertz = 8000;
const FRAME_SECONDS: Seconds = 0.04;
/** Range of pitches that are looked for. */
const LOWEST_HERTZ: Hertz = 73;
const HIGHEST_HERTZ: Hertz = 400;
/** Power of a frame relative to the loudest below which it is a pause: -25 dB. */
const QUIET_POWER = 10 ** -2.5;
/** Least periodicity (normalised autocorrelation, 0 to 1) of the residual without the first pitch. */
const LEAST_CLARITY = 0.55;
/** Least power of that residual relative to the frame. */
const LEAST_SHARE = 0.35;
/** Ratios of two periods that count as the same pitch. */
const SAME_PITCH = [1, 2, 3, 1 / 2, 1 / 3, 3 / 2, 2 / 3];
/** Share of speech frames with two pitches above which a second voice is reported. */
const SECOND_VOICE_SHARE = 0.05;
/** Speech frames needed before anything is reported: 5 s. */
const LEAST_FRAMES = 125;
/** Frames analysed: the first minute is enough. */
const MOST_FRAMES = 1500;

/**
 * Detects a second voice in the recording of one person: cancels the strongest pitch of each frame with a comb filter (de Cheveigne
 * 1993) and looks for another pitch in the residual. A hint, not a proof: of 63 LibriSpeech speakers, 12 s each, it suspects 1; of 63
 * pairs of them it finds 46 at equal level, 35 with the second voice 6 dB softer, 10 at 12 dB. Six two-minute readings: none suspected.
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

  /** Whether there is probably a second voice; false until there is enough speech. */
  get isDetected(): boolean {
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
    let power = 1e-12;
    let left = 0;
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

  /**
   * Largest normalised autocorrelation of a frame; its lag is stored in `bestLag`.
   * @param start of the frame in `signal`
   * @param other period to leave out; 0: none
   */
  private clarity(signal: Float32Array, start: Samples, other: Samples): number {
    const { frameSamples, shortestLag, longestLag } = this;
    let best = 0;
    this.bestLag = shortestLag;
    for (let lag = shortestLag; lag <= longestLag; lag++) {
      if (other > 0 && isSamePitch(lag, other)) continue;
      let product = 0;
      let power = 1e-12;
      for (let n = start; n < start + frameSamples; n++) {
        const one = signal[n]!;
        const two = signal[n + lag]!;
        product += one * two;
        power += one * one + two * two;
      }
      const clarity = (2 * product) / power;
      // Multiples of a period fit as well as the period itself: keep the shortest.
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

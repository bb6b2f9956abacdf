import type { Decibels, Hertz, Samples, Seconds } from '../core/units.ts';
import { ToneFinder } from './ToneFinder.ts';

/** Least share of a frame's power in one spectral line. A howl that clips is a square wave, which has 0.81. */
const PURE_SHARE = 0.7;
/** Frequency is determined by the acoustic path, and stays; a voice or a bow wavers more. */
const STEADY_SHARE = 0.015;
const STEADY_HERTZ: Hertz = 4;
/** A tone this long at one frequency is no vowel. */
const LEAST_SECONDS: Seconds = 0.3;
/** The onset of a tone fills the analysis window in this time: its rise is no growth. */
const ONSET_SECONDS: Seconds = 0.06;
/** A tone that has grown by this much since its onset was fed back. */
const GROWN_DECIBELS: Decibels = 6;
/** Quieter feedback disturbs nobody yet. */
const LOUD_DECIBELS: Decibels = -30;
const AUDIBLE_DECIBELS: Decibels = -70;
/** A tone that has fallen by this much since its loudest frame is dying away. */
const FALLEN_DECIBELS: Decibels = 3;
/**
 * A loop far above unity clips before one of its tones prevails. A sinusoid at full scale has -3 dB; speech and music, even compressed,
 * stay below -6 dB.
 */
const SATURATED_DECIBELS: Decibels = -3.5;
/** Fade to silence, and back. */
const FADE_SECONDS: Seconds = 0.05;

/**
 * Silences an output whose sound has begun to circle through the microphone. Feedback above unity gain is a tone of constant frequency that
 * grows and stays; speech and music have harmonics, waver, or decay (T. van Waterschoot, M. Moonen, "Fifty years of acoustic feedback
 * control", Proc. IEEE 99(2), 2011, section IV: peak-to-average power, persistence and slope of spectral lines). After it has acted, the
 * output stays silent until `release`.
 * @thread device. Only the constructor allocates.
 */
export class FeedbackGuard {
  /** Whether the output is silenced. */
  isActive = false;
  private readonly tones: ToneFinder;
  private readonly channels: number;
  private readonly leastFrames: number;
  private readonly onsetFrames: number;
  private readonly fadeStep: number;
  private readonly mono: Float32Array;
  private gain = 1;
  /** Frames since the present tone began; 0: there is none. */
  private frames = 0;
  /** Frames at full scale in a row. */
  private saturatedFrames = 0;
  private frequencyHertz: Hertz = 0;
  private quietest: Decibels = 0;
  private loudest: Decibels = 0;

  /** @param channels of the output, of which the first is examined */
  constructor(sampleRateHertz: Hertz, channels: number) {
    this.tones = new ToneFinder(sampleRateHertz);
    this.channels = channels;
    this.leastFrames = Math.ceil(LEAST_SECONDS / this.tones.hopSeconds);
    this.onsetFrames = Math.ceil(ONSET_SECONDS / this.tones.hopSeconds);
    this.fadeStep = 1 / (FADE_SECONDS * sampleRateHertz);
    this.mono = new Float32Array(this.tones.samplesUntilFrame);
  }

  /**
   * Examines a block of the output, and fades it out once feedback has been found.
   * @param samples [frames * channels] interleaved, modified in place
   * @returns whether feedback has been found in this block
   */
  process(samples: Float32Array, frames: Samples): boolean {
    const wasActive = this.isActive;
    for (let done = 0; done < frames; ) {
      const count = Math.min(frames - done, this.tones.samplesUntilFrame);
      for (let n = 0; n < count; n++) this.mono[n] = samples[(done + n) * this.channels]!;
      if (this.tones.push(this.mono, 0, count)) this.follow();
      done += count;
    }
    this.fade(samples, frames);
    return this.isActive && !wasActive;
  }

  /** Lets the output be heard again. */
  release(): void {
    this.isActive = false;
    this.frames = 0;
    this.saturatedFrames = 0;
  }

  private follow(): void {
    if (this.isActive) return;
    const { purity, frequencyHertz, levelDecibels } = this.tones;
    this.saturatedFrames = levelDecibels > SATURATED_DECIBELS ? this.saturatedFrames + 1 : 0;
    this.isActive = this.saturatedFrames >= this.leastFrames || this.isGrownTone(purity, frequencyHertz, levelDecibels);
  }

  /** Whether the tone of the latest frame has been there for a while, has grown and has not fallen. */
  private isGrownTone(purity: number, frequencyHertz: Hertz, levelDecibels: Decibels): boolean {
    if (purity < PURE_SHARE || levelDecibels < AUDIBLE_DECIBELS) {
      this.frames = 0;
      return false;
    }
    const deviation = Math.abs(frequencyHertz - this.frequencyHertz);
    const isSame = deviation <= STEADY_HERTZ + STEADY_SHARE * this.frequencyHertz;
    this.frequencyHertz = frequencyHertz;
    this.frames = this.frames > 0 && isSame ? this.frames + 1 : 1;
    if (this.frames <= this.onsetFrames) {
      this.quietest = levelDecibels;
      this.loudest = levelDecibels;
      return false;
    }
    if (levelDecibels < this.quietest) this.quietest = levelDecibels;
    if (levelDecibels > this.loudest) this.loudest = levelDecibels;
    const hasGrown = levelDecibels - this.quietest >= GROWN_DECIBELS;
    const stays = levelDecibels > this.loudest - FALLEN_DECIBELS && levelDecibels > LOUD_DECIBELS;
    return this.frames >= this.leastFrames && hasGrown && stays;
  }

  private fade(samples: Float32Array, frames: Samples): void {
    const target = this.isActive ? 0 : 1;
    if (this.gain === target && target === 1) return;
    const step = this.isActive ? -this.fadeStep : this.fadeStep;
    for (let n = 0; n < frames; n++) {
      this.gain = Math.max(0, Math.min(1, this.gain + step));
      for (let c = 0; c < this.channels; c++)
        samples[n * this.channels + c] = samples[n * this.channels + c]! * this.gain;
    }
  }
}

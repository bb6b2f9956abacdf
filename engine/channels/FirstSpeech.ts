import type { Decibels, Hertz, Samples, Seconds } from '../core/units.ts';
import { ChannelAnalysis, type ChannelFinding } from './ChannelAnalysis.ts';

/** Amount of speech that is analysed: some sentences, in which every channel has been loud. */
const ANALYSED_SECONDS: Seconds = 3;
/** The noise floor is known after so much of the input. */
const FLOOR_SECONDS: Seconds = 1;
/** Share of the frames so far below the noise floor: even those who talk without a pause are quiet as often as that. */
const FLOOR_QUANTILE = 0.1;
/** Least level of speech, over the noise floor and over full scale. */
const OVER_FLOOR_DECIBELS: Decibels = 10;
const SPEECH_DECIBELS: Decibels = -60;
/** Duration that is analysed after a frame of speech, so that quiet sounds between the loud ones belong to it. */
const RELEASE_SECONDS: Seconds = 0.25;
/** Levels are counted in steps of 1 dB from here up to full scale. */
const LOWEST_DECIBELS: Decibels = -120;

/**
 * Analyses the channels of a live input over its first three seconds of speech. Pauses, and whatever comes before the first word, are left
 * out: noise says nothing about where voices are.
 */
export class FirstSpeech {
  /** Length of a frame. */
  readonly frameSamples: Samples;
  private readonly analysis: ChannelAnalysis;
  private readonly frameSeconds: Seconds;
  /** [dB] number of frames of each level */
  private readonly levels = new Uint32Array(1 - LOWEST_DECIBELS);
  private frames = 0;
  private speechFrames = 0;
  private framesToRelease = 0;

  /** @param channels at least 1 */
  constructor(channels: number, sampleRateHertz: Hertz) {
    this.analysis = new ChannelAnalysis(channels, sampleRateHertz);
    this.frameSamples = this.analysis.frameSamples;
    this.frameSeconds = this.frameSamples / sampleRateHertz;
  }

  /**
   * @param frame [channels][frameSamples] not changed
   * @returns what the channels hold; null: there has not been enough speech yet
   */
  add(frame: readonly Float32Array[]): ChannelFinding | null {
    const decibels = Math.max(...frame.map(levelOf));
    this.frames++;
    this.levels[Math.round(decibels) - LOWEST_DECIBELS]!++;
    if (this.isSpeech(decibels)) {
      this.speechFrames++;
      this.framesToRelease = Math.ceil(RELEASE_SECONDS / this.frameSeconds);
    } else if (this.framesToRelease > 0) this.framesToRelease--;
    else return null;
    this.analysis.add(frame);
    return this.speechFrames * this.frameSeconds < ANALYSED_SECONDS ? null : this.analysis.finding;
  }

  private isSpeech(decibels: Decibels): boolean {
    if (this.frames * this.frameSeconds < FLOOR_SECONDS) return false;
    return decibels >= Math.max(SPEECH_DECIBELS, this.noiseFloor() + OVER_FLOOR_DECIBELS);
  }

  private noiseFloor(): Decibels {
    let below = 0;
    for (let index = 0; index < this.levels.length; index++) {
      below += this.levels[index]!;
      if (below >= FLOOR_QUANTILE * this.frames) return index + LOWEST_DECIBELS;
    }
    return 0;
  }
}

/** @returns level without a constant offset, re full scale, -120 to 0 dB; -120 for invalid samples */
function levelOf(samples: Float32Array): Decibels {
  let sum = 0;
  let energy = 0;
  for (let n = 0; n < samples.length; n++) {
    sum += samples[n]!;
    energy += samples[n]! ** 2;
  }
  const power = energy / samples.length - (sum / samples.length) ** 2;
  return power > 1e-12 ? Math.min(0, 10 * Math.log10(power)) : LOWEST_DECIBELS;
}

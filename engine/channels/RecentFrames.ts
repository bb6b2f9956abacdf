import type { Hertz } from '../core/units.ts';
import type { SampledFrames } from './estimateDemixing.ts';

/** Frames kept of all voices together: 19 s of speech. More hardly improve the matrices, and take longer. */
const KEPT_FRAMES = 300;
/** Frames in which each voice must have been the loudest before matrices are worth estimating: one second. */
const LEAST_FRAMES = 16;
/** After so many frames of speech, 30 s, those who have not spoken are no longer waited for. */
const PATIENT_FRAMES = 470;
/** Below is rumble. */
const LOWEST_HERTZ: Hertz = 100;
/** Power of speech over the noise floor, and relative to the loudest frame. */
const OVER_FLOOR = 4;
const BELOW_LOUDEST = 1e-3;
/** Change of the noise floor and of the loudest power in a frame: 0.5 and 1 dB a second. They follow after a change of the gain, or a bang. */
const FLOOR_RISE = 10 ** 0.0032;
const LOUDEST_FALL = 10 ** -0.0064;
/** Noise floor at least, relative to the loudest frame: a pause of digital silence does not make speech of all noise after it. */
const LOWEST_FLOOR = 1e-6;

/**
 * The latest frames of speech of a live input with a channel for each voice. Each voice has as many as the others, in which its channel is
 * the loudest: whoever listens for some minutes is not forgotten.
 */
export class RecentFrames implements SampledFrames {
  readonly channels: number;
  readonly bins: number;
  private readonly firstBin: number;
  private readonly capacity: number;
  /** [voices] channel */
  private readonly voiced: readonly number[];
  /** [voices][kept] frames of [channels][2 * bins] */
  private readonly kept: readonly Float32Array[][];
  /** [voices] number of frames so far */
  private readonly counts: number[];
  private floor = Number.POSITIVE_INFINITY;
  private loudest = 0;
  private added = 0;

  /**
   * @param voiced channels that belong to a voice, at least one
   * @param bins bins from 0 Hz up that are kept
   */
  constructor(channels: number, voiced: readonly number[], bins: number, binHertz: Hertz) {
    this.channels = channels;
    this.voiced = voiced;
    this.bins = bins;
    this.firstBin = Math.min(bins - 1, Math.ceil(LOWEST_HERTZ / binHertz));
    this.capacity = Math.floor(KEPT_FRAMES / voiced.length);
    this.kept = voiced.map(() => []);
    this.counts = voiced.map(() => 0);
  }

  /** Number of frames kept. */
  get frames(): number {
    return this.kept.reduce((total, frames) => total + frames.length, 0);
  }

  /** Number of frames of speech so far. */
  get speechFrames(): number {
    return this.added;
  }

  /** Whether matrices are worth estimating. */
  get isSufficient(): boolean {
    return this.counts.every((count) => count >= LEAST_FRAMES) || this.added >= PATIENT_FRAMES;
  }

  /** @param spectra [channels][2 * bins, or more] interleaved real and imaginary parts; copied if they are speech */
  add(spectra: readonly Float32Array[]): void {
    const powers = spectra.map((spectrum) => this.powerOf(spectrum));
    const power = powers.reduce((sum, value) => sum + value, 0);
    if (!Number.isFinite(power)) return;
    this.loudest = Math.max(this.loudest * LOUDEST_FALL, power);
    this.floor = Math.max(Math.min(this.floor * FLOOR_RISE, power), LOWEST_FLOOR * this.loudest);
    if (!(power > OVER_FLOOR * this.floor && power > BELOW_LOUDEST * this.loudest)) return;
    let voice = 0;
    for (let other = 1; other < this.voiced.length; other++)
      if (powers[this.voiced[other]!]! > powers[this.voiced[voice]!]!) voice = other;
    this.keep(voice, spectra);
  }

  /** @returns [channels][2 * bins] of one frame, one after the other; borrowed */
  frame(index: number): Float32Array {
    let left = index;
    for (const frames of this.kept) {
      if (left < frames.length) return frames[left]!;
      left -= frames.length;
    }
    throw new RangeError(`index must be less than ${this.frames}, got ${index}`);
  }

  private keep(voice: number, spectra: readonly Float32Array[]): void {
    const frames = this.kept[voice]!;
    const slot = this.counts[voice]! % this.capacity;
    this.counts[voice]!++;
    this.added++;
    const frame = frames[slot] ?? new Float32Array(this.channels * 2 * this.bins);
    frames[slot] = frame;
    spectra.forEach((spectrum, channel) => {
      frame.set(spectrum.subarray(0, 2 * this.bins), channel * 2 * this.bins);
    });
  }

  private powerOf(spectrum: Float32Array): number {
    let power = 0;
    for (let n = 2 * this.firstBin; n < 2 * this.bins; n++) power += spectrum[n]! * spectrum[n]!;
    return power;
  }
}

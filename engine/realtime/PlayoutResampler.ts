import type { Hertz, Samples } from '../core/units.ts';
import { AdaptiveResampler } from './AdaptiveResampler.ts';

/** Length of fades at gaps and where playout changes from one source to another. */
const FADE_SAMPLES: Samples = 128;

/**
 * Turns samples at the engine's rate into mono blocks at the device's rate, without clicks: fades at gaps, and bends the first samples
 * after a change of source so that they continue the last ones. Allocates when a block is longer than any before.
 */
export class PlayoutResampler {
  /** [frames] the latest block; overwritten by the next one. */
  block = new Float32Array(2048);

  private readonly nominalRatio: number;
  private readonly isResampling: boolean;
  private readonly resampler: AdaptiveResampler;
  private taken = new Float32Array(2048);
  private lastSample = 0;
  /** Last sample before the resampler. */
  private lastSupplied = 0;
  private isSourceChanged = false;

  /** @param isSynchronous whether both rates come from one clock; then equal rates need no resampling */
  constructor(engineRateHertz: Hertz, deviceRateHertz: Hertz, isSynchronous: boolean) {
    this.nominalRatio = engineRateHertz / deviceRateHertz;
    this.isResampling = !isSynchronous || this.nominalRatio !== 1;
    this.resampler = new AdaptiveResampler(this.nominalRatio);
  }

  /** Delay of the resampler, in samples of the engine's rate. */
  get latencySamples(): Samples {
    return this.isResampling ? this.resampler.latencySamples : 0;
  }

  /** Duration of a device block in samples of the engine's rate, clock drift ignored. */
  nominalSamples(frames: Samples): number {
    return frames * this.nominalRatio;
  }

  /** @param correction relative change of the ratio that follows clock drift */
  setCorrection(correction: number): void {
    this.resampler.ratio = this.nominalRatio * (1 + correction);
  }

  /** Makes room for a device block. @returns samples at the engine's rate that it takes */
  prepare(frames: Samples): Samples {
    if (this.block.length < frames) this.block = new Float32Array(frames);
    return this.isResampling ? this.resampler.needed(frames) : frames;
  }

  /** @returns array that the caller fills with `needed` samples before `render` */
  supply(needed: Samples): Float32Array {
    if (!this.isResampling) return this.block;
    if (this.taken.length < needed) this.taken = new Float32Array(needed);
    return this.taken;
  }

  /** The next supply comes from another source, which does not continue the last samples. */
  changeSource(): void {
    this.isSourceChanged = true;
  }

  /** Renders the block from the `needed` samples of `supply`. */
  render(frames: Samples, needed: Samples): void {
    const supply = this.supply(needed);
    if (needed > 0) {
      if (this.isSourceChanged) bend(supply, Math.min(needed, FADE_SAMPLES), this.lastSupplied);
      this.isSourceChanged = false;
      this.lastSupplied = supply[needed - 1]!;
    }
    if (this.isResampling) this.resampler.process(supply, this.block, frames);
    this.lastSample = this.block[frames - 1] ?? this.lastSample;
  }

  /** Fades the rendered block in, after the samples that the resampler still remembers from before. */
  fadeIn(frames: Samples): void {
    const { block } = this;
    const silent = Math.min(frames, this.latencySamples);
    const count = Math.min(frames - silent, FADE_SAMPLES);
    block.fill(0, 0, silent);
    for (let n = 0; n < count; n++) block[silent + n]! *= (n + 1) / count;
  }

  /** Renders a block that fades from the last sample to silence. */
  fadeOut(frames: Samples): void {
    for (let n = 0; n < frames; n++) this.block[n] = this.lastSample * Math.max(0, 1 - (n + 1) / FADE_SAMPLES);
    this.lastSample = 0;
  }

  silence(frames: Samples): void {
    this.block.fill(0, 0, frames);
    this.lastSample = 0;
  }
}

/** Adds an offset that makes the samples start at `start` and fades to zero over `count` samples. */
function bend(samples: Float32Array, count: Samples, start: number): void {
  const missing = start - samples[0]!;
  for (let n = 0; n < count; n++) samples[n]! += missing * (1 - (n + 1) / (count + 1));
}

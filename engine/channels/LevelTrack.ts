import type { Decibels, Hertz, Samples, Seconds } from '../core/units.ts';

const FRAME_SECONDS: Seconds = 0.02;
const LOWEST_DECIBELS: Decibels = -120;
/** Samples from this level on count as clipped if three follow each other. */
const CLIPPED_LEVEL = 0.99;
const CLIPPED_RUN_SAMPLES = 3;

/** Level of a recording in frames of 20 ms, one byte each: 180 kB for an hour. */
export class LevelTrack {
  readonly frameSamples: Samples;
  private bytes = new Int8Array(4096);
  private count = 0;
  private filled = 0;
  private energy = 0;
  private run = 0;
  private isClipped = false;

  constructor(sampleRateHertz: Hertz) {
    this.frameSamples = Math.max(1, Math.round(FRAME_SECONDS * sampleRateHertz));
  }

  /** Number of complete frames. */
  get frames(): number {
    return this.count;
  }

  add(samples: Float32Array): void {
    for (let n = 0; n < samples.length; n++) {
      const sample = samples[n]!;
      this.energy += sample * sample;
      this.run = Math.abs(sample) >= CLIPPED_LEVEL ? this.run + 1 : 0;
      if (this.run >= CLIPPED_RUN_SAMPLES) this.isClipped = true;
      if (++this.filled === this.frameSamples) this.endFrame();
    }
  }

  /** @returns level of a frame in dB, -120 to 0; null: it is clipped */
  decibels(frame: number): Decibels | null {
    const value = this.bytes[frame]!;
    return value > 0 ? null : value;
  }

  private endFrame(): void {
    if (this.count === this.bytes.length) {
      const longer = new Int8Array(2 * this.bytes.length);
      longer.set(this.bytes);
      this.bytes = longer;
    }
    const level = Math.round(10 * Math.log10(this.energy / this.frameSamples + 1e-12));
    this.bytes[this.count++] = this.isClipped ? 1 : Math.min(0, Math.max(LOWEST_DECIBELS, level));
    this.filled = 0;
    this.energy = 0;
    this.isClipped = false;
  }
}

import { Random } from '../core/Random.ts';

/** Memory for spectra. */
const MAXIMUM_BYTES = 100_000_000;
const FRAMES = { minimum: 200, maximum: 1500 } as const;
/** With more channels each frame takes more work: as the square of their number. */
const FRAMES_PER_CHANNEL = 3000;
/** Frames this far below the loudest so far hold nobody. */
const SILENT_POWER = 1e-5;

/** A random sample of the frames of a recording with several channels, spread evenly over all frames that sound (reservoir sampling). */
export class FrameSample {
  readonly channels: number;
  readonly bins: number;
  /** Number of frames kept. */
  frames = 0;
  private readonly capacity: number;
  /** [capacity][channels][2 * bins] */
  private readonly kept: Float32Array[] = [];
  private readonly random = new Random(1);
  private seen = 0;
  private loudest = 0;

  constructor(channels: number, bins: number) {
    this.channels = channels;
    this.bins = bins;
    const fitting = Math.floor(MAXIMUM_BYTES / (channels * 2 * bins * Float32Array.BYTES_PER_ELEMENT));
    const affordable = Math.round(FRAMES_PER_CHANNEL / channels);
    this.capacity = Math.max(FRAMES.minimum, Math.min(FRAMES.maximum, fitting, affordable));
  }

  /** @param spectra [channels][2 * bins] interleaved real and imaginary parts; copied */
  add(spectra: readonly Float32Array[]): void {
    let power = 0;
    for (const spectrum of spectra) for (const value of spectrum) power += value * value;
    this.loudest = Math.max(this.loudest, power);
    if (!(power > SILENT_POWER * this.loudest)) return;
    this.seen++;
    const slot = this.frames < this.capacity ? this.frames++ : this.random.integer(this.seen);
    if (slot >= this.capacity) return;
    const frame = this.kept[slot] ?? new Float32Array(this.channels * 2 * this.bins);
    this.kept[slot] = frame;
    spectra.forEach((spectrum, channel) => {
      frame.set(spectrum, channel * 2 * this.bins);
    });
  }

  /** @returns [channels][2 * bins] of one frame, one after the other; borrowed */
  frame(index: number): Float32Array {
    return this.kept[index]!;
  }
}

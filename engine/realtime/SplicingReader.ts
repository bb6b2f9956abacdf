import type { SampleRing } from '../core/SampleRing.ts';
import type { Samples } from '../core/units.ts';

/** Length of the cross-fade over a cut. */
const FADE_SAMPLES: Samples = 128;

/**
 * Reader of a ring that can cut samples without a click: the samples after a cut start with a linear cross-fade from the removed
 * ones. Only the constructor allocates.
 */
export class SplicingReader {
  private ring: SampleRing;
  /** [FADE_SAMPLES * channels] interleaved */
  private readonly skipped: Float32Array;
  private fadeStart = 0;
  private fadeSamples: Samples = 0;

  constructor(ring: SampleRing) {
    this.ring = ring;
    this.skipped = new Float32Array(FADE_SAMPLES * ring.channels);
  }

  /** Reads another ring, with as many channels, from now on. */
  connect(ring: SampleRing): void {
    this.ring = ring;
    this.fadeSamples = 0;
  }

  get readable(): Samples {
    return this.ring.readable;
  }

  /** Position in the ring of the next sample, modulo 2^32. */
  get readPosition(): number {
    return this.ring.readPosition;
  }

  /** @param target [count * channels] interleaved, overwritten from its start @returns samples read, fewer than `count` if the ring runs empty */
  read(target: Float32Array, count: Samples): Samples {
    const start = (this.ring.readPosition - this.fadeStart) | 0;
    const read = this.ring.read(target, 0, count);
    if (this.fadeSamples > 0) this.fade(target, read, start);
    return read;
  }

  /** Leaves out the next `count` samples without a cross-fade. */
  skip(count: Samples): void {
    this.ring.skip(count);
  }

  /** Leaves out the next `count` samples, or as many as there are. @returns samples left out */
  cut(count: Samples): Samples {
    if (count <= 0) return 0;
    const { ring } = this;
    const fade = ring.peek(this.skipped, 0, Math.min(FADE_SAMPLES, count));
    const cut = ring.skip(count);
    this.fadeStart = ring.readPosition;
    this.fadeSamples = Math.min(fade, ring.readable);
    return cut;
  }

  /** @param start position of the samples after the cut; the ring may have been skipped since */
  private fade(samples: Float32Array, count: Samples, start: Samples): void {
    const { skipped, fadeSamples } = this;
    const { channels } = this.ring;
    const end = Math.min(count, fadeSamples - start);
    for (let n = 0; n < end; n++) {
      const share = (start + n + 1) / (fadeSamples + 1);
      for (let index = n * channels; index < (n + 1) * channels; index++) {
        const old = skipped[start * channels + index]!;
        samples[index] = old + (samples[index]! - old) * share;
      }
    }
    if (start + count >= fadeSamples) this.fadeSamples = 0;
  }
}

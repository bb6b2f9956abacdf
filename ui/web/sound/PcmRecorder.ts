import { encodePcm16 } from '../../../engine/core/pcm16.ts';
import type { Samples } from '../../../engine/core/units.ts';

/** Gathers samples into a blob of 16-bit samples. */
export class PcmRecorder {
  samples: Samples = 0;
  /** Number of samples that were over full scale and were cut off. */
  clippedSamples: Samples = 0;
  private readonly parts: Uint8Array<ArrayBuffer>[] = [];

  /** @param samples full scale is -1 to 1 */
  add(samples: Float32Array): void {
    const { bytes, clippedSamples } = encodePcm16(samples);
    this.parts.push(bytes);
    this.samples += samples.length;
    this.clippedSamples += clippedSamples;
  }

  blob(): Blob {
    return new Blob(this.parts);
  }
}

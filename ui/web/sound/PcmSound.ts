import { DcBlocker } from '../../../engine/channels/DcBlocker.ts';
import type { Hertz, Samples } from '../../../engine/core/units.ts';

const SAMPLE_BYTES = 2;
const FULL_SCALE = 32_768;
/** Read at once. */
const BLOCK_SAMPLES: Samples = 65_536;

/** One channel of 16-bit samples in a blob, which the browser may keep on disk. Reading needs constant memory. */
export class PcmSound {
  readonly sampleRateHertz: Hertz;
  readonly samples: Samples;
  private readonly blob: Blob;
  private readonly offset: number;

  /** @param blob little-endian samples @param offset constant part (DC), which `blocks` leaves out if it is large */
  constructor(blob: Blob, sampleRateHertz: Hertz, offset = 0) {
    this.blob = blob;
    this.sampleRateHertz = sampleRateHertz;
    this.offset = offset;
    this.samples = Math.floor(blob.size / SAMPLE_BYTES);
  }

  /** @returns [samples], fewer at the end */
  async read(from: Samples, samples: Samples): Promise<Int16Array<ArrayBuffer>> {
    const end = Math.min(this.samples, from + samples);
    return new Int16Array(await this.blob.slice(SAMPLE_BYTES * from, SAMPLE_BYTES * end).arrayBuffer());
  }

  /** All samples in order, full scale is 1. @param onProgress called with the fraction that has been read */
  async *blocks(onProgress?: (fraction: number) => void): AsyncGenerator<Float32Array<ArrayBuffer>> {
    const blocker = DcBlocker.forOffset(this.offset, this.sampleRateHertz);
    for await (const block of this.rawBlocks(onProgress)) {
      blocker?.process(block);
      yield block;
    }
  }

  /** As `blocks`, with the constant part. */
  async *rawBlocks(onProgress?: (fraction: number) => void): AsyncGenerator<Float32Array<ArrayBuffer>> {
    for (let from = 0; from < this.samples; from += BLOCK_SAMPLES) {
      const block = Float32Array.from(await this.read(from, BLOCK_SAMPLES), (sample) => sample / FULL_SCALE);
      yield block;
      onProgress?.(Math.min(1, (from + BLOCK_SAMPLES) / this.samples));
    }
  }
}

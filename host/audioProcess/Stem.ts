import type { Hertz, Samples } from '../../engine/core/units.ts';
import { TAP_CHANNELS } from '../../engine/realtime/tapChannels.ts';
import { WavWriter } from '../audio/WavWriter.ts';
import type { TapBlock } from './TapBlock.ts';

/** One file of a recording: a channel of the tap, or silence. @thread worker */
export class Stem {
  private readonly writer: WavWriter;
  private samples = new Float32Array(0);

  private constructor(writer: WavWriter) {
    this.writer = writer;
  }

  /**
   * @param silentSamples length of the silence that the file begins with
   * @throws InputError if the file exists or cannot be written
   */
  static async create(path: string, sampleRateHertz: Hertz, silentSamples: Samples = 0): Promise<Stem> {
    const writer = await WavWriter.record(path, sampleRateHertz);
    try {
      if (silentSamples > 0) await writer.skip(silentSamples);
    } catch (error) {
      await writer.abort();
      throw error;
    }
    return new Stem(writer);
  }

  get bytes(): number {
    return this.writer.bytes;
  }

  /**
   * @param channel of the tap; null: silence
   * @returns the samples written, valid until the next call
   */
  async append({ frames, first, count }: TapBlock, channel: number | null): Promise<Float32Array> {
    if (this.samples.length < count) this.samples = new Float32Array(count);
    const samples = this.samples.subarray(0, count);
    if (channel === null) {
      samples.fill(0);
      await this.writer.skip(count);
      return samples;
    }
    for (let n = 0; n < count; n++) samples[n] = frames[(first + n) * TAP_CHANNELS + channel]!;
    await this.writer.write(samples);
    return samples;
  }

  /** @param samples length of the recording: a block that not all of its files have is cut off */
  async close(samples: Samples): Promise<void> {
    await this.writer.shorten(samples);
    await this.writer.close();
  }

  /** Closes and removes the file. */
  abort(): Promise<void> {
    return this.writer.abort();
  }
}

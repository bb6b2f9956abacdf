import type { Mixdown } from '../../../engine/channels/Mixdown.ts';
import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import { AudioFileReader } from '../AudioFileReader.ts';
import { chooseChannels } from '../channelChoice.ts';

/** The channels are chosen after so much of the file, so that a long one starts soon. */
export const ANALYSED_SECONDS: Seconds = 30;

/** `best`: one channel, made of those that suit the recording; `all`: every channel as it is. */
export type LoopedChannels = 'best' | 'all';

/** Reads an audio file in an endless loop, at most about 2 s ahead of the playback position. */
export class LoopingFile {
  /** The error that ended reading; null while it continues. */
  problem: string | null = null;
  readonly sampleRateHertz: Hertz;
  /** Number of channels that `read` delivers. */
  readonly channels: number;
  private readonly path: string;
  private readonly mixdown: Mixdown;
  /** Interleaved. */
  private readonly queue: Float32Array[] = [];
  private position = 0;
  /** Frames in the queue. */
  private queuedSamples: Samples = 0;
  private isClosed = false;
  private wake: (() => void) | null = null;
  private readonly reading: Promise<void>;

  private constructor(reader: AudioFileReader, looped: LoopedChannels, mixdown: Mixdown) {
    this.channels = looped === 'all' ? reader.channels : 1;
    this.path = reader.path;
    this.mixdown = mixdown;
    this.sampleRateHertz = reader.sampleRateHertz;
    this.reading = this.readAll(reader);
  }

  /** Resolves when the first samples can be read. @throws InputError as AudioFileReader.open */
  static async open(path: string, looped: LoopedChannels = 'best'): Promise<LoopingFile> {
    const reader = await AudioFileReader.open(path);
    const isChosen = reader.channels > 1 && looped === 'best';
    const chosen = !isChosen ? null : await chooseChannels(path, 'best', { maximumSeconds: ANALYSED_SECONDS });
    const file = new LoopingFile(reader, looped, chosen?.mixdown ?? null);
    while (file.queuedSamples === 0 && file.problem === null) await new Promise((resolve) => setTimeout(resolve, 2));
    return file;
  }

  /** @param block [frames * channels] interleaved, overwritten @returns number of frames read; the rest of the block is silence */
  read(block: Float32Array): Samples {
    let filled = 0;
    while (filled < block.length) {
      const chunk = this.queue[0];
      if (chunk === undefined) break;
      const count = Math.min(block.length - filled, chunk.length - this.position);
      block.set(chunk.subarray(this.position, this.position + count), filled);
      filled += count;
      this.position += count;
      if (this.position === chunk.length) {
        this.queue.shift();
        this.position = 0;
      }
    }
    block.fill(0, filled);
    const frames = filled / this.channels;
    this.queuedSamples -= frames;
    if (this.queuedSamples < this.sampleRateHertz) this.wake?.();
    return frames;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake?.();
    await this.reading;
  }

  private async readAll(first: AudioFileReader): Promise<void> {
    let reader = first;
    try {
      for (;;) {
        for await (const block of this.blocksOf(reader)) {
          this.queue.push(block);
          this.queuedSamples += block.length / this.channels;
          while (this.queuedSamples > 2 * this.sampleRateHertz && !this.isClosed) {
            await new Promise<void>((resolve) => {
              this.wake = resolve;
            });
          }
          if (this.isClosed) return;
        }
        reader = await AudioFileReader.open(this.path);
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Yields interleaved blocks. */
  private async *blocksOf(reader: AudioFileReader): AsyncGenerator<Float32Array> {
    const { channels } = this;
    if (channels === 1) {
      yield* reader.blocks(this.mixdown);
      return;
    }
    for await (const block of reader.channelBlocks()) {
      const frames = block[0]?.length ?? 0;
      const interleaved = new Float32Array(frames * channels);
      block.forEach((samples, channel) => {
        for (let n = 0; n < frames; n++) interleaved[n * channels + channel] = samples[n]!;
      });
      yield interleaved;
    }
  }
}

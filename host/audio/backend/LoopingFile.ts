import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import { AudioFileReader } from '../AudioFileReader.ts';
import { chooseChannels } from '../channelChoice.ts';
import type { Mixdown } from '../Mixdown.ts';

/** The channels are chosen after so much of the file, so that a long one starts soon. */
export const ANALYSED_SECONDS: Seconds = 30;

/** Reads an audio file in an endless loop, at most about 2 s ahead of the playback position. */
export class LoopingFile {
  /** The error that ended reading; null while it continues. */
  problem: string | null = null;
  readonly sampleRateHertz: Hertz;
  private readonly path: string;
  private readonly mixdown: Mixdown;
  private readonly queue: Float32Array[] = [];
  private position = 0;
  private queuedSamples = 0;
  private isClosed = false;
  private wake: (() => void) | null = null;
  private readonly reading: Promise<void>;

  private constructor(reader: AudioFileReader, mixdown: Mixdown) {
    this.path = reader.path;
    this.mixdown = mixdown;
    this.sampleRateHertz = reader.sampleRateHertz;
    this.reading = this.readAll(reader);
  }

  /** Resolves when the first samples can be read. @throws InputError as AudioFileReader.open */
  static async open(path: string): Promise<LoopingFile> {
    const reader = await AudioFileReader.open(path);
    const isMono = reader.channels === 1;
    const chosen = isMono ? null : await chooseChannels(path, 'best', { maximumSeconds: ANALYSED_SECONDS });
    const file = new LoopingFile(reader, chosen?.mixdown ?? null);
    while (file.queuedSamples === 0 && file.problem === null) await new Promise((resolve) => setTimeout(resolve, 2));
    return file;
  }

  /** @returns number of samples read; the rest of the block is silence */
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
    this.queuedSamples -= filled;
    if (this.queuedSamples < this.sampleRateHertz) this.wake?.();
    return filled;
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
        for await (const block of reader.blocks(this.mixdown)) {
          this.queue.push(block);
          this.queuedSamples += block.length;
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
}

import { basename, join } from 'node:path';
import { InputError } from '../../../engine/core/errors.ts';
import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import { packageRoot } from '../../packageRoot.ts';
import { AudioFileReader } from '../AudioFileReader.ts';
import type { AudioBackend, AudioStream, StreamCallbacks, StreamRequest } from './AudioBackend.ts';
import type { AudioDevice } from './AudioDevice.ts';
import { AudioError } from './AudioError.ts';

/** What plays when no file is named. */
const DEMO_PATH = join('presets', 'demo', 'mixture.flac');
const TICK_MILLISECONDS = 4;
/** A process that was stopped for longer does not catch up: the sound of that time is lost, as at a microphone. */
const LARGEST_LAG_SECONDS: Seconds = 0.5;

/**
 * A sound file as a microphone, looping, in real time. There is no loudspeaker: `onOutput` is asked for samples, and they are gone, so
 * that everything runs as it does with one.
 */
export class FileBackend implements AudioBackend {
  readonly name = 'file';
  private readonly path: string;
  private readonly label: string;

  /** @param path null: the bundled mixture of two voices */
  constructor(path: string | null) {
    this.path = path ?? join(packageRoot(), DEMO_PATH);
    this.label = path === null ? 'demo mixture' : basename(path);
  }

  sharesClock(): boolean {
    return false;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    const reader = await AudioFileReader.open(this.path);
    await reader.close();
    const { sampleRateHertz } = reader;
    const both = { sampleRateHertz, isDefaultInput: false, isDefaultOutput: false };
    return [
      { ...both, id: this.path, index: 0, name: this.label, inputChannels: 1, outputChannels: 0, isDefaultInput: true },
      { ...both, id: 'nowhere', index: 1, name: 'nowhere', inputChannels: 0, outputChannels: 2, isDefaultOutput: true },
    ];
  }

  async open(
    { input, output, sampleRateHertz, blockSamples }: StreamRequest,
    callbacks: StreamCallbacks,
  ): Promise<AudioStream> {
    if (input === null) return new Nowhere(output!.channels, sampleRateHertz ?? 48_000, blockSamples, callbacks);
    const source = await LoopingFile.open(this.path);
    const rate = source.sampleRateHertz;
    if (sampleRateHertz !== null && sampleRateHertz !== rate) {
      await source.close();
      throw new AudioError(
        'rate-not-supported',
        `${this.label} has ${rate} Hz, not ${sampleRateHertz}`,
        'leave --rate out',
      );
    }
    return new FileStream(source, blockSamples, callbacks);
  }
}

/** Calls back whenever another block is due, by the clock and not by the timer, so that nothing drifts. */
class Metronome {
  private readonly timer: NodeJS.Timeout;
  private blocks = 0;
  private start = performance.now();

  /** @param play the next block @param skip so many that came too late */
  constructor(blockSeconds: Seconds, play: () => void, skip: (blocks: number) => void) {
    this.timer = setInterval(() => {
      const due = Math.floor((performance.now() - this.start) / 1000 / blockSeconds);
      const late = due - this.blocks;
      if (late * blockSeconds > LARGEST_LAG_SECONDS) {
        skip(late);
        this.blocks = due;
      }
      for (; this.blocks < due; this.blocks++) play();
    }, TICK_MILLISECONDS);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

class FileStream implements AudioStream {
  readonly sampleRateHertz: Hertz;
  readonly inputLatencySeconds: Seconds;
  readonly outputLatencySeconds = 0;
  private readonly source: LoopingFile;
  private readonly metronome: Metronome;

  constructor(source: LoopingFile, blockSamples: Samples, callbacks: StreamCallbacks) {
    this.source = source;
    this.sampleRateHertz = source.sampleRateHertz;
    this.inputLatencySeconds = blockSamples / source.sampleRateHertz;
    const block = new Float32Array(blockSamples);
    let lostSamples = 0;
    this.metronome = new Metronome(
      this.inputLatencySeconds,
      () => {
        if (source.problem !== null) {
          this.metronome.stop();
          callbacks.onLost(new AudioError('gone', source.problem, 'choose another file'));
          return;
        }
        lostSamples += blockSamples - source.read(block);
        callbacks.onInput(block, blockSamples, lostSamples);
        lostSamples = 0;
      },
      (blocks) => {
        lostSamples += blocks * blockSamples;
      },
    );
  }

  async close(): Promise<void> {
    this.metronome.stop();
    await this.source.close();
  }
}

class Nowhere implements AudioStream {
  readonly sampleRateHertz: Hertz;
  readonly inputLatencySeconds = 0;
  readonly outputLatencySeconds = 0;
  private readonly metronome: Metronome;

  constructor(channels: number, sampleRateHertz: Hertz, blockSamples: Samples, callbacks: StreamCallbacks) {
    this.sampleRateHertz = sampleRateHertz;
    const block = new Float32Array(blockSamples * channels);
    let lostSamples = 0;
    this.metronome = new Metronome(
      blockSamples / sampleRateHertz,
      () => {
        callbacks.onOutput(block, blockSamples, lostSamples);
        lostSamples = 0;
      },
      (blocks) => {
        lostSamples += blocks * blockSamples;
      },
    );
  }

  async close(): Promise<void> {
    this.metronome.stop();
  }
}

/** Reads ahead of time, over and over, some seconds at most. */
class LoopingFile {
  /** Why no more can be read, or null. */
  problem: string | null = null;
  readonly sampleRateHertz: Hertz;
  private readonly path: string;
  private readonly queue: Float32Array[] = [];
  private position = 0;
  private queuedSamples = 0;
  private isClosed = false;
  private wake: (() => void) | null = null;
  private readonly reading: Promise<void>;

  private constructor(reader: AudioFileReader) {
    this.path = reader.path;
    this.sampleRateHertz = reader.sampleRateHertz;
    this.reading = this.readAll(reader);
  }

  /** @throws InputError for what AudioFileReader refuses */
  static async open(path: string): Promise<LoopingFile> {
    const file = new LoopingFile(await AudioFileReader.open(path));
    // The first sound is there when the stream starts.
    while (file.queuedSamples === 0 && file.problem === null) await new Promise((resolve) => setTimeout(resolve, 2));
    return file;
  }

  /** @returns samples filled in; the rest of the block is silence */
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
        for await (const block of reader.blocks()) {
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
      if (!(error instanceof InputError)) throw error;
      this.problem = error.message;
    }
  }
}

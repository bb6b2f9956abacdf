import { basename } from 'node:path';
import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import { demoMixturePath } from '../../files/demoFiles.ts';
import { freePath } from '../../files/outputs.ts';
import { AudioFileReader } from '../AudioFileReader.ts';
import { WavWriter } from '../WavWriter.ts';
import type { AudioBackend, AudioStream, StreamCallbacks, StreamRequest } from './AudioBackend.ts';
import type { AudioDevice } from './AudioDevice.ts';
import { AudioError } from './AudioError.ts';
import { type LoopedChannels, LoopingFile } from './LoopingFile.ts';

const TICK_MILLISECONDS = 4;
/** Output device that discards what is played. */
export const NOWHERE = 'nowhere';
/** Played audio is written to disk in pieces of this length. */
const WRITTEN_SECONDS: Seconds = 0.25;
/** After a longer pause of the process the missed blocks are skipped and reported as lost, as a microphone would lose them. */
const MAXIMUM_LAG_SECONDS: Seconds = 0.5;

/**
 * Plays an audio file in a loop as if it were a microphone, in real time. Outputs discard what is played or write it to a WAV file; a
 * clock paces both, so that everything behaves as with a sound card.
 */
export class FileBackend implements AudioBackend {
  readonly name = 'file';
  private readonly path: string;
  private readonly label: string;
  private readonly outputPaths: readonly string[];
  private readonly looped: LoopedChannels;

  /**
   * @param path null: the bundled mixture of two voices
   * @param outputPaths WAV files to write; existing files are kept
   * @param looped channels of the microphone: one that suits the recording, or all of the file
   */
  constructor(path: string | null, outputPaths: readonly string[] = [], looped: LoopedChannels = 'best') {
    this.looped = looped;
    this.path = path ?? demoMixturePath();
    this.label = path === null ? 'demo mixture' : basename(path);
    this.outputPaths = outputPaths;
  }

  sharesClock(): boolean {
    return false;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    const reader = await AudioFileReader.open(this.path);
    await reader.close();
    const { sampleRateHertz } = reader;
    const output = { inputChannels: 0, sampleRateHertz, isDefaultInput: false };
    return [
      {
        id: this.path,
        index: 0,
        name: this.label,
        inputChannels: this.looped === 'all' ? reader.channels : 1,
        outputChannels: 0,
        sampleRateHertz,
        isDefaultInput: true,
        isDefaultOutput: false,
      },
      { ...output, id: NOWHERE, index: 1, name: NOWHERE, outputChannels: 2, isDefaultOutput: true },
      ...this.outputPaths.map((path, number) => ({
        ...output,
        id: path,
        index: 2 + number,
        name: basename(path),
        outputChannels: 1,
        isDefaultOutput: false,
      })),
    ];
  }

  async open(
    { input, output, sampleRateHertz, blockSamples }: StreamRequest,
    callbacks: StreamCallbacks,
  ): Promise<AudioStream> {
    if (input !== null && output !== null)
      throw new Error('input and output files have separate clocks: open them as two streams');
    if (output !== null) {
      const { device, channels } = output;
      const rate = sampleRateHertz ?? device.sampleRateHertz;
      if (device.id !== NOWHERE && !this.outputPaths.includes(device.id)) throw goneError(device);
      const writer = device.id === NOWHERE ? null : await WavWriter.record(freePath(device.id), rate);
      return new OutputStream(writer, { channels, rateHertz: rate, blockSamples }, callbacks);
    }
    const { device, channels } = input!;
    if (device.id !== this.path) throw goneError(device);
    const source = await LoopingFile.open(this.path, this.looped);
    const rate = source.sampleRateHertz;
    if (sampleRateHertz !== null && sampleRateHertz !== rate) {
      await source.close();
      throw new AudioError(
        'rate-not-supported',
        `${this.label} has ${rate} Hz, not ${sampleRateHertz}`,
        'leave --rate out',
      );
    }
    return new FileStream(source, channels, blockSamples, callbacks);
  }
}

function goneError({ name }: AudioDevice): AudioError {
  return new AudioError('gone', `"${name}" does not exist`, 'choose another file');
}

/** Calls back once per block. The number of blocks due follows the clock, not the timer, so that nothing drifts. */
class Metronome {
  private readonly timer: NodeJS.Timeout;
  private blocks = 0;
  private start = performance.now();

  /** @param play processes the next block @param skip called with the number of blocks that are too late to be played */
  constructor(blockSeconds: Seconds, play: () => void, skip: (blocks: number) => void) {
    this.timer = setInterval(() => {
      const due = Math.floor((performance.now() - this.start) / 1000 / blockSeconds);
      const late = due - this.blocks;
      if (late * blockSeconds > MAXIMUM_LAG_SECONDS) {
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

  constructor(source: LoopingFile, channels: number, blockSamples: Samples, callbacks: StreamCallbacks) {
    this.source = source;
    this.sampleRateHertz = source.sampleRateHertz;
    this.inputLatencySeconds = blockSamples / source.sampleRateHertz;
    const played = new Float32Array(blockSamples * source.channels);
    const interleaved = new Float32Array(blockSamples * channels);
    let lostSamples = 0;
    this.metronome = new Metronome(
      this.inputLatencySeconds,
      () => {
        if (source.problem !== null) {
          this.metronome.stop();
          callbacks.onLost(new AudioError('gone', source.problem, 'choose another file'));
          return;
        }
        lostSamples += blockSamples - source.read(played);
        copyChannels(played, source.channels, interleaved, channels);
        callbacks.onInput(interleaved, blockSamples, lostSamples);
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

/** Copies interleaved frames; channels that the source lacks repeat its last one. */
function copyChannels(
  source: Float32Array,
  sourceChannels: number,
  target: Float32Array,
  targetChannels: number,
): void {
  for (let n = 0; n < target.length; n++) {
    const frame = Math.floor(n / targetChannels);
    const channel = Math.min(sourceChannels - 1, n % targetChannels);
    target[n] = source[frame * sourceChannels + channel]!;
  }
}

interface OutputFormat {
  readonly channels: number;
  readonly rateHertz: Hertz;
  readonly blockSamples: Samples;
}

/** Requests samples at the pace of a clock, and writes the first channel to a file. */
class OutputStream implements AudioStream {
  readonly sampleRateHertz: Hertz;
  readonly inputLatencySeconds = 0;
  readonly outputLatencySeconds = 0;
  private readonly writer: WavWriter | null;
  private readonly metronome: Metronome;
  private readonly callbacks: StreamCallbacks;
  /** Settles when all pieces handed to the file so far are written. */
  private writing: Promise<void> = Promise.resolve();
  private unwritten: Float32Array[] = [];

  constructor(
    writer: WavWriter | null,
    { channels, rateHertz, blockSamples }: OutputFormat,
    callbacks: StreamCallbacks,
  ) {
    this.sampleRateHertz = rateHertz;
    this.writer = writer;
    this.callbacks = callbacks;
    const block = new Float32Array(blockSamples * channels);
    let lostSamples = 0;
    this.metronome = new Metronome(
      blockSamples / rateHertz,
      () => {
        callbacks.onOutput(block, blockSamples, lostSamples);
        lostSamples = 0;
        if (writer === null) return;
        this.unwritten.push(Float32Array.from({ length: blockSamples }, (_, n) => block[n * channels]!));
        if (this.unwritten.length * blockSamples >= WRITTEN_SECONDS * rateHertz) this.write();
      },
      (blocks) => {
        lostSamples += blocks * blockSamples;
      },
    );
  }

  async close(): Promise<void> {
    this.metronome.stop();
    if (this.writer === null) return;
    this.write();
    await this.writing;
    await this.writer.close().catch(() => {});
  }

  private write(): void {
    const { writer, unwritten } = this;
    this.unwritten = [];
    this.writing = this.writing
      .then(async () => {
        for (const block of unwritten) await writer!.write(block);
      })
      .catch((error: Error) => {
        this.metronome.stop();
        this.callbacks.onLost(new AudioError('gone', error.message, 'choose another file'));
      });
  }
}

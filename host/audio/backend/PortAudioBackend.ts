import type { AudioOptions, DeviceInfo, IoStreamDuplex } from 'naudiodon';
import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import type { AudioBackend, AudioStream, StreamCallbacks, StreamEnd, StreamRequest } from './AudioBackend.ts';
import type { AudioDevice } from './AudioDevice.ts';
import { AudioError } from './AudioError.ts';
import { BlockWatch } from './BlockWatch.ts';
import { openError } from './openError.ts';
import { packageError } from './packageError.ts';

type NaudiodonModule = typeof import('naudiodon');
type IoStream = Pick<IoStreamDuplex, 'start' | 'quit'> & NodeJS.ReadWriteStream;

/** How naudiodon is installed. */
export const PORTAUDIO_REMEDY = 'install python3, make and a C++ compiler, then: npm install naudiodon';

/** Capacity of naudiodon's output queue in blocks: one being consumed and the next one. */
const OUTPUT_QUEUE = 2;
/** Capacity of naudiodon's input queue in blocks: reserve for a late JavaScript thread. PortAudio's own thread blocks when it is full. */
const INPUT_QUEUE = 16;
const CLOSE_PATIENCE_MILLISECONDS = 800;
/** Blocks accepted before a device plays, at most: they fill the queue, PortAudio's buffer and the sound server's. */
const PREFILLED_BLOCKS = 16;
const FLOAT_BYTES = 4;

/**
 * Sound cards through PortAudio (naudiodon): ALSA on Linux, Core Audio on macOS, WASAPI and others on Windows. PortAudio lists the devices
 * once per process, so new devices appear only in a new process. It prints to stdout.
 */
export class PortAudioBackend implements AudioBackend {
  readonly name = 'portaudio';
  private readonly library: NaudiodonModule;

  private constructor(library: NaudiodonModule) {
    this.library = library;
  }

  /** @throws AudioError if the native package cannot be loaded */
  static async load(): Promise<PortAudioBackend> {
    try {
      const { default: library } = (await import('naudiodon')) as unknown as { readonly default: NaudiodonModule };
      return new PortAudioBackend(library);
    } catch (error) {
      throw packageError('naudiodon', error, PORTAUDIO_REMEDY);
    }
  }

  /**
   * Always false. If one direction is ready before the other, PortAudio's duplex streams spin on a core (ALSA over PulseAudio) and starve the
   * other direction. Measured: two streams of 192 samples have 38.4 ms end to end with 73 of 73 clean windows, one duplex stream of 256
   * samples up to 290 ms with none.
   */
  sharesClock(): boolean {
    return false;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    const infos = this.library.getDevices();
    if (infos.length === 0) {
      throw new AudioError(
        'no-audio-system',
        'PortAudio found no sound card',
        'plug one in, or start the sound server',
      );
    }
    const { defaultHostAPI, HostAPIs } = this.library.getHostAPIs();
    const host = HostAPIs[defaultHostAPI];
    return infos.map((info, index) => ({
      id: deviceKey(infos, index),
      index,
      name: info.name,
      inputChannels: info.maxInputChannels,
      outputChannels: info.maxOutputChannels,
      sampleRateHertz: info.defaultSampleRate,
      isDefaultInput: info.id === host?.defaultInput,
      isDefaultOutput: info.id === host?.defaultOutput,
    }));
  }

  async open(request: StreamRequest, callbacks: StreamCallbacks): Promise<AudioStream> {
    const infos = this.library.getDevices();
    const device = (request.input ?? request.output)?.device;
    const sampleRateHertz = request.sampleRateHertz ?? device?.sampleRateHertz ?? 48_000;
    const options = (end: StreamEnd, maxQueue: number): AudioOptions => ({
      deviceId: deviceId(infos, end.device),
      sampleRate: sampleRateHertz,
      channelCount: end.channels,
      sampleFormat: this.library.SampleFormatFloat32,
      maxQueue,
      framesPerBuffer: request.blockSamples,
      highwaterMark: request.blockSamples * end.channels * FLOAT_BYTES,
      closeOnError: false,
    });
    const { input, output } = request;
    const directions = {
      ...(input === null ? {} : { inOptions: options(input, INPUT_QUEUE) }),
      ...(output === null ? {} : { outOptions: options(output, OUTPUT_QUEUE) }),
    };
    try {
      const io = this.library.AudioIO(
        directions as { inOptions: AudioOptions; outOptions: AudioOptions },
      ) as unknown as IoStream;
      const stream = new PortAudioStream(io, request, sampleRateHertz, callbacks);
      stream.start();
      return stream;
    } catch (error) {
      throw openError(error, device?.name ?? 'the device', sampleRateHertz);
    }
  }
}

class PortAudioStream implements AudioStream {
  readonly sampleRateHertz: Hertz;
  readonly inputLatencySeconds: Seconds;
  readonly outputLatencySeconds: Seconds;

  private readonly io: IoStream;
  private readonly request: StreamRequest;
  private readonly callbacks: StreamCallbacks;
  private readonly outputBytes: Buffer;
  private readonly outputSamples: Float32Array;
  private readonly blockSamples: Samples;
  /** Of the blocks of the input, or of the output if there is no input. */
  private watch: BlockWatch | null = null;
  private blocksPlayed = 0;
  private lastFedMilliseconds = 0;
  private isOver = false;

  constructor(io: IoStream, request: StreamRequest, sampleRateHertz: Hertz, callbacks: StreamCallbacks) {
    this.io = io;
    this.request = request;
    this.callbacks = callbacks;
    this.sampleRateHertz = sampleRateHertz;
    this.blockSamples = request.blockSamples;
    const channels = request.output?.channels ?? 0;
    this.outputSamples = new Float32Array(this.blockSamples * channels);
    this.outputBytes = Buffer.from(this.outputSamples.buffer);
    const blockSeconds = this.blockSamples / sampleRateHertz;
    this.inputLatencySeconds = request.input === null ? 0 : 2 * blockSeconds;
    this.outputLatencySeconds = request.output === null ? 0 : (OUTPUT_QUEUE + 2) * blockSeconds;
  }

  start(): void {
    const { io, request } = this;
    io.on('error', (error) => this.lose(error instanceof Error ? error.message : String(error)));
    if (request.input !== null) io.on('data', (chunk: Buffer) => this.receive(chunk));
    io.start();
    // No callback may run before `open` has returned the stream.
    if (request.output !== null) setImmediate(() => this.feed());
    this.watch = new BlockWatch(() => this.lose('no more blocks come'));
  }

  async close(): Promise<void> {
    this.watch?.end();
    this.isOver = true;
    await Promise.race([
      new Promise<void>((resolve) => this.io.quit(resolve)),
      new Promise((resolve) => setTimeout(resolve, CLOSE_PATIENCE_MILLISECONDS)),
    ]);
  }

  private receive(chunk: Buffer): void {
    if (this.isOver) return;
    this.watch?.noteBlock();
    const channels = this.request.input!.channels;
    const { buffer, byteOffset } = chunk.byteOffset % FLOAT_BYTES === 0 ? chunk : Uint8Array.from(chunk);
    const samples = new Float32Array(buffer, byteOffset, chunk.length / FLOAT_BYTES);
    this.callbacks.onInput(samples, samples.length / channels, 0);
  }

  /** Writes a block, and the next one as soon as the queue has accepted it, which follows the pace of the device. */
  private feed(): void {
    if (this.isOver) return;
    if (this.blocksPlayed++ > PREFILLED_BLOCKS && this.request.input === null) this.watch?.noteBlock();
    this.callbacks.onOutput(this.outputSamples, this.blockSamples, this.lateSamples());
    // The queue copies the bytes.
    this.io.write(this.outputBytes, () => this.feed());
  }

  /**
   * Estimates how many samples the device has played as silence. PortAudio only prints that it ran dry, so this is the time by which the
   * present block is later than the end of everything queued before.
   */
  private lateSamples(): Samples {
    const now = performance.now();
    const seconds = (now - this.lastFedMilliseconds) / 1000;
    this.lastFedMilliseconds = now;
    const late = seconds - this.outputLatencySeconds - this.blockSamples / this.sampleRateHertz;
    return this.blocksPlayed > PREFILLED_BLOCKS && late > 0 ? Math.ceil(late * this.sampleRateHertz) : 0;
  }

  private lose(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.watch?.end();
    const name = (this.request.input ?? this.request.output)!.device.name;
    this.callbacks.onLost(
      new AudioError(
        'gone',
        `"${name}" has stopped (${reason})`,
        'it is opened again as soon as it, or the sound server, is back',
      ),
    );
  }
}

/** Identifies a device by its name; devices of the same name are numbered. */
function deviceKey(infos: readonly DeviceInfo[], index: number): string {
  const name = (info: DeviceInfo) => `${info.hostAPIName}:${info.name}`;
  const own = name(infos[index]!);
  const twins = infos.slice(0, index).filter((info) => name(info) === own).length;
  return twins === 0 ? own : `${own} #${twins + 1}`;
}

/** PortAudio's number of the device; numbers change when devices come and go, names do not. */
function deviceId(infos: readonly DeviceInfo[], device: AudioDevice): number {
  const info = infos.find((_, index) => deviceKey(infos, index) === device.id);
  if (info === undefined) {
    throw new AudioError('gone', `"${device.name}" is no longer available`, 'plug it in, or choose another device');
  }
  return info.id;
}

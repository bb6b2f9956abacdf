import type { AudioOptions, DeviceInfo, IoStreamDuplex } from 'naudiodon';
import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import type { AudioBackend, AudioStream, StreamCallbacks, StreamEnd, StreamRequest } from './AudioBackend.ts';
import type { AudioDevice } from './AudioDevice.ts';
import { AudioError } from './AudioError.ts';
import { openError } from './openError.ts';

type NaudiodonModule = typeof import('naudiodon');
type IoStream = Pick<IoStreamDuplex, 'start' | 'quit'> & NodeJS.ReadWriteStream;

/** Blocks that wait in the output's queue: one that is being taken, one that comes next. */
const OUTPUT_QUEUE = 2;
/** Blocks that may wait for a JavaScript thread that is late; PortAudio's own thread blocks when they are full. */
const INPUT_QUEUE = 16;
/** PortAudio tells nobody when a device has gone: its blocks just end. */
const SILENCE_SECONDS: Seconds = 0.8;
/** The first block may take longer: sound servers wake their devices up. */
const START_SECONDS: Seconds = 4;
const WATCH_MILLISECONDS = 100;
const CLOSE_PATIENCE_MILLISECONDS = 800;
/** So many at most are taken before a device plays: into the queue, PortAudio's own buffer and the sound server's. */
const PREFILLED_BLOCKS = 16;
const FLOAT_BYTES = 4;

/**
 * Sound cards through PortAudio (naudiodon): ALSA on Linux, Core Audio on macOS, WASAPI and others on Windows. Its list of devices is
 * as old as the process: to see new ones a new process is needed. It prints to stdout.
 */
export class PortAudioBackend implements AudioBackend {
  readonly name = 'portaudio';
  private readonly library: NaudiodonModule;

  private constructor(library: NaudiodonModule) {
    this.library = library;
  }

  /** @throws AudioError where the native package cannot be loaded */
  static async load(): Promise<PortAudioBackend> {
    try {
      const { default: library } = (await import('naudiodon')) as unknown as { readonly default: NaudiodonModule };
      return new PortAudioBackend(library);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new AudioError(
        'package-missing',
        `the native package naudiodon cannot be loaded (${reason})`,
        'install python3, make and a C++ compiler, then: npm install naudiodon',
      );
    }
  }

  /**
   * Never: where one direction is ready before the other, PortAudio's duplex streams spin a core (on ALSA over PulseAudio), and starve
   * what they wait for. Two streams of 192 samples took 38.4 ms end to end with 73 of 73 clean windows where one duplex stream of 256
   * took up to 290 with none.
   */
  sharesClock(): boolean {
    return false;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    const infos = this.library.getDevices();
    if (infos.length === 0) {
      throw new AudioError(
        'no-audio-system',
        'PortAudio finds no sound card',
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
  private watchdog: NodeJS.Timeout | null = null;
  /** Of the latest sign of life from the device: its input, or where it has none, its output. */
  private lastLifeMilliseconds = performance.now();
  private hasLived = false;
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
    // Not before whoever opens the stream has it.
    if (request.output !== null) setImmediate(() => this.feed());
    this.watchdog = setInterval(() => this.watch(), WATCH_MILLISECONDS);
  }

  async close(): Promise<void> {
    if (this.watchdog !== null) clearInterval(this.watchdog);
    this.watchdog = null;
    this.isOver = true;
    await Promise.race([
      new Promise<void>((resolve) => this.io.quit(resolve)),
      new Promise((resolve) => setTimeout(resolve, CLOSE_PATIENCE_MILLISECONDS)),
    ]);
  }

  private receive(chunk: Buffer): void {
    if (this.isOver) return;
    this.live();
    const channels = this.request.input!.channels;
    const { buffer, byteOffset } = chunk.byteOffset % FLOAT_BYTES === 0 ? chunk : Uint8Array.from(chunk);
    const samples = new Float32Array(buffer, byteOffset, chunk.length / FLOAT_BYTES);
    this.callbacks.onInput(samples, samples.length / channels, 0);
  }

  /** One block after the other, each when the queue has taken the one before: at the device's pace. */
  private feed(): void {
    if (this.isOver) return;
    if (this.blocksPlayed++ > PREFILLED_BLOCKS && this.request.input === null) this.live();
    this.callbacks.onOutput(this.outputSamples, this.blockSamples, this.lateSamples());
    // The queue copies what it takes.
    this.io.write(this.outputBytes, () => this.feed());
  }

  /**
   * What the device had to play as silence, as far as can be known: PortAudio says in print only that it ran dry, so what is counted is
   * the time by which a block comes later than all that was queued before it has lasted.
   */
  private lateSamples(): Samples {
    const now = performance.now();
    const seconds = (now - this.lastFedMilliseconds) / 1000;
    this.lastFedMilliseconds = now;
    const late = seconds - this.outputLatencySeconds - this.blockSamples / this.sampleRateHertz;
    return this.blocksPlayed > PREFILLED_BLOCKS && late > 0 ? Math.ceil(late * this.sampleRateHertz) : 0;
  }

  private live(): void {
    this.lastLifeMilliseconds = performance.now();
    this.hasLived = true;
  }

  private watch(): void {
    const patienceSeconds = this.hasLived ? SILENCE_SECONDS : START_SECONDS;
    if (performance.now() - this.lastLifeMilliseconds >= 1000 * patienceSeconds) this.lose('no more blocks come');
  }

  private lose(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
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

/** Devices of one name are numbered. */
function deviceKey(infos: readonly DeviceInfo[], index: number): string {
  const name = (info: DeviceInfo) => `${info.hostAPIName}:${info.name}`;
  const own = name(infos[index]!);
  const twins = infos.slice(0, index).filter((info) => name(info) === own).length;
  return twins === 0 ? own : `${own} #${twins + 1}`;
}

/** Names stay, numbers change when devices come and go. */
function deviceId(infos: readonly DeviceInfo[], device: AudioDevice): number {
  const info = infos.find((_, index) => deviceKey(infos, index) === device.id);
  if (info === undefined) {
    throw new AudioError('gone', `"${device.name}" is not there any more`, 'plug it in, or choose another device');
  }
  return info.id;
}

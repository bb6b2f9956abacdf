import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import type { AudioBackend, AudioStream, StreamCallbacks, StreamRequest } from './AudioBackend.ts';
import type { AudioDevice } from './AudioDevice.ts';
import { AudioError } from './AudioError.ts';
import { BlockWatch } from './BlockWatch.ts';
import { openError } from './openError.ts';
import { packageError } from './packageError.ts';

/** The part of node-web-audio-api that is used here; its own types require those of a browser. */
interface WebAudioLibrary {
  readonly AudioContext: new (options: {
    readonly sampleRate?: number;
    readonly latencyHint: number | 'interactive';
    readonly sinkId?: string;
  }) => Context;
  readonly mediaDevices: {
    enumerateDevices(): Promise<readonly MediaDevice[]>;
    getUserMedia(constraints: { readonly audio: Readonly<Record<string, unknown>> }): Promise<MediaStream>;
  };
}
interface Context {
  readonly sampleRate: number;
  readonly baseLatency: number;
  readonly outputLatency: number;
  readonly destination: Node;
  createMediaStreamSource(stream: MediaStream): Node;
  createScriptProcessor(size: number, inputs: number, outputs: number): ScriptProcessor;
  createConstantSource(): Node & { start(): void };
  close(): Promise<void>;
}
interface Node {
  connect(to: Node): void;
  disconnect(): void;
}
interface ScriptProcessor extends Node {
  onaudioprocess: ((event: { readonly inputBuffer: SampleBuffer; readonly outputBuffer: SampleBuffer }) => void) | null;
}
interface SampleBuffer {
  readonly length: number;
  getChannelData(channel: number): Float32Array;
}
interface MediaDevice {
  readonly kind: string;
  readonly deviceId: string;
  readonly label: string;
}
/** Declares no methods: a source ends with the context that it is connected to. */
type MediaStream = object;

/** How node-web-audio-api is installed. */
export const WEB_AUDIO_REMEDY = 'npm install node-web-audio-api; on Linux it needs libasound2';

/** Smallest block without dropouts in live use; a round trip to JavaScript takes two blocks. */
const PROCESSOR_SAMPLES: Samples = 512;
/** Requested latency. Context and getUserMedia must request the same one, else the input is silent or corrupt. */
const LATENCY_SECONDS: Seconds = 0.02;
/** Names under which the library lists its own JACK clients for input and output. */
const JACK_INPUT = 'cpal_client_in';
const JACK_OUTPUT = 'cpal_client_out';
const DEFAULT_RATE_HERTZ: Hertz = 48_000;
const CLOSE_PATIENCE_MILLISECONDS = 800;

/**
 * Devices through node-web-audio-api: JACK and PipeWire as well as ALSA, and machines where naudiodon cannot be built. Input and output
 * share one context and thus one clock. A ScriptProcessorNode exchanges the samples: the worker of an AudioWorklet polls, which occupies a
 * whole core, and drops out in live use.
 */
export class WebAudioBackend implements AudioBackend {
  readonly name = 'webaudio';
  private readonly library: WebAudioLibrary;

  private constructor(library: WebAudioLibrary) {
    this.library = library;
  }

  /** @throws AudioError if the native package cannot be loaded */
  static async load(): Promise<WebAudioBackend> {
    try {
      return new WebAudioBackend((await import('node-web-audio-api')) as unknown as WebAudioLibrary);
    } catch (error) {
      throw packageError('node-web-audio-api', error, WEB_AUDIO_REMEDY);
    }
  }

  /** Always true, since a context has one clock. */
  sharesClock(): boolean {
    return true;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    const listed = (await this.library.mediaDevices.enumerateDevices()).filter(isOpenable);
    if (listed.length === 0) {
      throw new AudioError('no-audio-system', 'Web Audio found no device', 'plug one in, or start the sound server');
    }
    let hasInput = false;
    let hasOutput = false;
    return listed.map((device, index) => {
      const isInput = device.kind === 'audioinput';
      const isFirst = isInput ? !hasInput : !hasOutput;
      if (isInput) hasInput = true;
      else hasOutput = true;
      return {
        id: idOf(device),
        index,
        name: nameOf(device),
        inputChannels: isInput ? 1 : 0,
        outputChannels: isInput ? 0 : 2,
        sampleRateHertz: DEFAULT_RATE_HERTZ,
        isDefaultInput: isInput && isFirst,
        isDefaultOutput: !isInput && isFirst,
      };
    });
  }

  async open(request: StreamRequest, callbacks: StreamCallbacks): Promise<AudioStream> {
    const { input, output } = request;
    const name = (input ?? output)!.device.name;
    let context: Context | null = null;
    try {
      const listed = await this.library.mediaDevices.enumerateDevices();
      const deviceIdOf = (device: AudioDevice | undefined) => {
        const found = listed.find((each) => idOf(each) === device?.id);
        if (device !== undefined && found === undefined) {
          throw new AudioError(
            'gone',
            `"${device.name}" is no longer available`,
            'plug it in, or choose another device',
          );
        }
        return found?.deviceId;
      };
      const sinkId = deviceIdOf(output?.device);
      context = new this.library.AudioContext({
        latencyHint: LATENCY_SECONDS,
        ...(request.sampleRateHertz === null ? {} : { sampleRate: request.sampleRateHertz }),
        ...(sinkId === undefined ? {} : { sinkId }),
      });
      const deviceId = deviceIdOf(input?.device);
      const media =
        input === null
          ? null
          : await this.library.mediaDevices.getUserMedia({
              audio: {
                channelCount: 1,
                latency: LATENCY_SECONDS,
                sampleRate: context.sampleRate,
                ...(deviceId === undefined ? {} : { deviceId }),
              },
            });
      return new WebAudioStream(context, media, request, callbacks);
    } catch (error) {
      await context?.close().catch(() => {});
      throw error instanceof AudioError ? error : openError(error, name, request.sampleRateHertz);
    }
  }
}

/** JACK's server is listed as two devices, each apparently for both directions; each opens in one direction only. */
function isOpenable(device: MediaDevice): boolean {
  return nameOf(device) !== (device.kind === 'audioinput' ? JACK_OUTPUT : JACK_INPUT);
}

/** JACK numbers clients of the same name, so the name of a device differs while it is open. */
function nameOf({ label }: MediaDevice): string {
  return label.replace(/^(cpal_client_(?:in|out))-\d+$/, '$1');
}

/** Built from the name: device numbers change from one list to the next, names do not. */
function idOf(device: MediaDevice): string {
  return `${device.kind}:${nameOf(device)}`;
}

class WebAudioStream implements AudioStream {
  readonly sampleRateHertz: Hertz;
  readonly inputLatencySeconds: Seconds;
  readonly outputLatencySeconds: Seconds;
  private readonly context: Context;
  private readonly processor: ScriptProcessor;
  private readonly watch: BlockWatch;

  constructor(context: Context, media: MediaStream | null, request: StreamRequest, callbacks: StreamCallbacks) {
    this.context = context;
    this.sampleRateHertz = context.sampleRate;
    const outputs = request.output?.channels ?? 1;
    this.processor = context.createScriptProcessor(PROCESSOR_SAMPLES, 1, outputs);
    const interleaved = new Float32Array(PROCESSOR_SAMPLES * outputs);
    this.processor.onaudioprocess = ({ inputBuffer, outputBuffer }) => {
      this.watch.noteBlock();
      const frames = inputBuffer.length;
      if (media !== null) callbacks.onInput(inputBuffer.getChannelData(0), frames, 0);
      if (request.output === null) return;
      callbacks.onOutput(interleaved, frames, 0);
      for (let channel = 0; channel < outputs; channel++) {
        const samples = outputBuffer.getChannelData(channel);
        for (let n = 0; n < frames; n++) samples[n] = interleaved[n * outputs + channel]!;
      }
    };
    const source = media === null ? context.createConstantSource() : context.createMediaStreamSource(media);
    source.connect(this.processor);
    this.processor.connect(context.destination);
    const processorSeconds = PROCESSOR_SAMPLES / context.sampleRate;
    this.inputLatencySeconds = media === null ? 0 : LATENCY_SECONDS + processorSeconds;
    this.outputLatencySeconds = request.output === null ? 0 : LATENCY_SECONDS + processorSeconds;
    this.watch = new BlockWatch(() => {
      const name = (request.input ?? request.output)!.device.name;
      callbacks.onLost(new AudioError('gone', `"${name}" has stopped`, 'it is opened again as soon as it is back'));
    });
  }

  async close(): Promise<void> {
    this.watch.end();
    this.processor.onaudioprocess = null;
    this.processor.disconnect();
    await Promise.race([
      this.context.close().catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, CLOSE_PATIENCE_MILLISECONDS)),
    ]);
  }
}

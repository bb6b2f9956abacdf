import type { Hertz, Samples } from '../../engine/core/units.ts';
import type {
  AudioBackend,
  AudioStream,
  StreamCallbacks,
  StreamRequest,
} from '../../host/audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../../host/audio/backend/AudioDevice.ts';
import { AudioError } from '../../host/audio/backend/AudioError.ts';

/** One duplex device without hardware, whose clock stands still until `advance` is called. */
export class NullBackend implements AudioBackend {
  /** A backend must have one of the product's names. */
  readonly name = 'file';
  private readonly listed: readonly AudioDevice[];
  private present: readonly AudioDevice[];
  private readonly streams = new Set<NullStream>();

  constructor(sampleRateHertz: Hertz = 48_000) {
    this.listed = [
      {
        id: 'null',
        index: 0,
        name: 'null',
        inputChannels: 2,
        outputChannels: 2,
        sampleRateHertz,
        isDefaultInput: true,
        isDefaultOutput: true,
      },
    ];
    this.present = this.listed;
  }

  sharesClock(input: AudioDevice, output: AudioDevice): boolean {
    return input.id === output.id;
  }

  async devices(): Promise<readonly AudioDevice[]> {
    return this.present;
  }

  async open(request: StreamRequest, callbacks: StreamCallbacks): Promise<AudioStream> {
    const device = (request.input ?? request.output)!.device;
    if (!this.present.some(({ id }) => id === device.id)) {
      throw new AudioError('gone', `"${device.name}" is no longer available`, 'plug it in');
    }
    const stream = new NullStream(request, request.sampleRateHertz ?? device.sampleRateHertz, callbacks, () =>
      this.streams.delete(stream),
    );
    this.streams.add(stream);
    return stream;
  }

  /**
   * Passes audio through all open streams, in whole blocks.
   * @param input the microphones' sample at a position since the stream opened; silence by default
   */
  advance(samples: Samples, input?: (position: Samples) => number): void {
    for (const stream of this.streams) stream.advance(samples, input);
  }

  /** Removes the device; open streams are lost. */
  unplug(): void {
    this.present = [];
    for (const stream of [...this.streams]) stream.lose();
  }

  /** Adds the device again; lost streams stay lost. */
  replug(): void {
    this.present = this.listed;
  }
}

class NullStream implements AudioStream {
  readonly sampleRateHertz: Hertz;
  readonly inputLatencySeconds = 0;
  readonly outputLatencySeconds = 0;
  private readonly request: StreamRequest;
  private readonly callbacks: StreamCallbacks;
  private readonly onClose: () => void;
  private readonly inputBlock: Float32Array;
  private readonly outputBlock: Float32Array;
  private position: Samples = 0;
  private due: Samples = 0;

  constructor(request: StreamRequest, sampleRateHertz: Hertz, callbacks: StreamCallbacks, onClose: () => void) {
    this.request = request;
    this.sampleRateHertz = sampleRateHertz;
    this.callbacks = callbacks;
    this.onClose = onClose;
    this.inputBlock = new Float32Array(request.blockSamples * (request.input?.channels ?? 0));
    this.outputBlock = new Float32Array(request.blockSamples * (request.output?.channels ?? 0));
  }

  advance(samples: Samples, input: (position: Samples) => number = () => 0): void {
    const { blockSamples } = this.request;
    for (this.due += samples; this.due >= blockSamples; this.due -= blockSamples) {
      if (this.request.input !== null) {
        const { channels } = this.request.input;
        for (let n = 0; n < this.inputBlock.length; n++)
          this.inputBlock[n] = input(this.position + Math.floor(n / channels));
        this.callbacks.onInput(this.inputBlock, blockSamples, 0);
      }
      if (this.request.output !== null) this.callbacks.onOutput(this.outputBlock, blockSamples, 0);
      this.position += blockSamples;
    }
  }

  lose(): void {
    this.onClose();
    this.callbacks.onLost(new AudioError('gone', '"null" has been unplugged', 'plug it in'));
  }

  async close(): Promise<void> {
    this.onClose();
  }
}

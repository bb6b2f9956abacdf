import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import type { AudioDevice } from './AudioDevice.ts';
import type { AudioError } from './AudioError.ts';

/** `portaudio`: sound cards through PortAudio; `webaudio`: JACK, PipeWire and others; `file`: an audio file as microphone. */
export const BACKEND_NAMES = ['portaudio', 'webaudio', 'file'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** One way to reach audio devices: a host in cpal's words. */
export interface AudioBackend {
  readonly name: BackendName;
  /** Whether these two should be opened as one stream, with one clock. */
  sharesClock(input: AudioDevice, output: AudioDevice): boolean;
  /** What there is now; asks the system anew where it can change. @throws AudioError */
  devices(): Promise<readonly AudioDevice[]>;
  /**
   * Opens input, output or both on one clock. No callback runs before the promise is resolved or after `close` is.
   * @throws AudioError; then nothing stays open
   */
  open(request: StreamRequest, callbacks: StreamCallbacks): Promise<AudioStream>;
}

/** One direction of a stream. */
export interface StreamEnd {
  readonly device: AudioDevice;
  /** Channels to open, from the first up; callbacks get them interleaved. */
  readonly channels: number;
}

export interface StreamRequest {
  readonly input: StreamEnd | null;
  readonly output: StreamEnd | null;
  /** null: the device's own. */
  readonly sampleRateHertz: Hertz | null;
  /** What a callback should get or give at once; the backend may choose another size. */
  readonly blockSamples: Samples;
}

/**
 * Called on the thread that opened the stream, in time with the device. They return soon, allocate little, and never throw.
 * A glitch is a number told with the block, not an event: `lostSamples` is what the device dropped (input) or played as silence
 * (output) since the call before, where the backend can tell.
 */
export interface StreamCallbacks {
  /** @param samples [frames * channels] interleaved, valid during the call */
  onInput(samples: Float32Array, frames: Samples, lostSamples: Samples): void;
  /** @param samples [frames * channels] interleaved, to be filled during the call */
  onOutput(samples: Float32Array, frames: Samples, lostSamples: Samples): void;
  /** The stream is dead: unplugged, server gone, or no block came for too long. Called once; `close` is still due. */
  onLost(error: AudioError): void;
}

/** An open stream; it runs. */
export interface AudioStream {
  readonly sampleRateHertz: Hertz;
  /** From the air to `onInput`, and from `onOutput` to the air: what the backend knows of it or has measured. 0 for an end that is not open. */
  readonly inputLatencySeconds: Seconds;
  readonly outputLatencySeconds: Seconds;
  /** Resolves when no callback can come any more; never throws, never hangs for more than a second. */
  close(): Promise<void>;
}

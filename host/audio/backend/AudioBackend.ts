import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import type { AudioDevice } from './AudioDevice.ts';
import type { AudioError } from './AudioError.ts';

/** `portaudio`: sound cards through PortAudio; `webaudio`: JACK, PipeWire and others; `file`: an audio file as microphone. */
export const BACKEND_NAMES = ['portaudio', 'webaudio', 'file'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** A way to reach audio devices, such as PortAudio; cpal calls it a host. */
export interface AudioBackend {
  readonly name: BackendName;
  /** Whether these two devices should be opened as one duplex stream, with one clock. */
  sharesClock(input: AudioDevice, output: AudioDevice): boolean;
  /** The devices present now. @throws AudioError */
  devices(): Promise<readonly AudioDevice[]>;
  /**
   * Opens input, output or both on one clock. No callback runs before the promise is resolved, nor after that of `close`.
   * @throws AudioError; then nothing stays open
   */
  open(request: StreamRequest, callbacks: StreamCallbacks): Promise<AudioStream>;
}

/** One direction of a stream. */
export interface StreamEnd {
  readonly device: AudioDevice;
  /** Number of channels to open, counted from the first; callbacks receive them interleaved. */
  readonly channels: number;
}

export interface StreamRequest {
  readonly input: StreamEnd | null;
  readonly output: StreamEnd | null;
  /** null: the device's default. */
  readonly sampleRateHertz: Hertz | null;
  /** Frames per callback; the backend may choose another size. */
  readonly blockSamples: Samples;
}

/**
 * Called on the thread that opened the stream, at the device's pace. They must return quickly, allocate little and never throw.
 * Glitches are reported with the block: `lostSamples` is the number of frames that the device dropped (input) or played as silence
 * (output) since the previous call, where the backend can detect it.
 */
export interface StreamCallbacks {
  /** @param samples [frames * channels] interleaved, valid during the call */
  onInput(samples: Float32Array, frames: Samples, lostSamples: Samples): void;
  /** @param samples [frames * channels] interleaved, to be filled during the call */
  onOutput(samples: Float32Array, frames: Samples, lostSamples: Samples): void;
  /** The stream has ended: device unplugged, sound server gone, or no block for too long. Called once; `close` is still required. */
  onLost(error: AudioError): void;
}

/** An open, running stream. */
export interface AudioStream {
  readonly sampleRateHertz: Hertz;
  /** Latency from the microphone to `onInput`, as reported, measured or estimated by the backend; 0: no input is open. */
  readonly inputLatencySeconds: Seconds;
  /** Latency from `onOutput` to the loudspeaker; 0: no output is open. */
  readonly outputLatencySeconds: Seconds;
  /** Resolves when no further callback can run, within one second; never throws. May be called twice. */
  close(): Promise<void>;
}

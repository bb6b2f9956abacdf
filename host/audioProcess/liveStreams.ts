import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import type { AudioBackend, AudioStream, StreamCallbacks } from '../audio/backend/AudioBackend.ts';
import { type AudioDevice, chooseDevice } from '../audio/backend/AudioDevice.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { DeviceRequest } from '../rpc/audioMessages.ts';

/** What a device is asked to give or take at once: short enough for talk-back, long enough for a busy machine. */
const BLOCK_SECONDS: Seconds = 192 / 48_000;
/** Channels of a loudspeaker that get the mix. */
const OUTPUT_CHANNELS = 2;

/** What was opened; input and output may be one stream. */
export interface OpenedStreams {
  readonly input: AudioStream;
  readonly output: AudioStream | null;
  readonly send: AudioStream | null;
}

/** The devices of a session. */
export interface ChosenDevices {
  readonly input: AudioDevice;
  readonly output: AudioDevice | null;
  readonly send: AudioDevice | null;
}

/** @throws AudioError for a device that is not there */
export function chooseDevices(devices: readonly AudioDevice[], request: DeviceRequest): ChosenDevices {
  const hasOutput = request.output !== null || devices.some((device) => device.outputChannels > 0);
  return {
    input: chooseDevice(devices, 'input', request.input),
    output: request.output === 'none' || !hasOutput ? null : chooseDevice(devices, 'output', request.output),
    send: request.send === null ? null : chooseDevice(devices, 'output', request.send),
  };
}

/**
 * All up to the wanted one; else both of a stereo pair at most, which are averaged.
 * @throws AudioError for a channel that it does not have
 */
export function openedChannels(device: AudioDevice, wanted: number | null): number {
  if (wanted === null) return Math.min(2, device.inputChannels);
  if (wanted <= device.inputChannels) return wanted;
  throw new AudioError(
    'no-device',
    `"${device.name}" has no input channel ${wanted}`,
    `it has ${device.inputChannels}: choose one from 1 to ${device.inputChannels}`,
  );
}

export function outputChannels(device: AudioDevice): number {
  return Math.min(OUTPUT_CHANNELS, device.outputChannels);
}

export function blockSamples(rateHertz: Hertz): Samples {
  return 2 * Math.round((BLOCK_SECONDS * rateHertz) / 2);
}

/** @throws AudioError; then nothing stays open */
export async function openStreams(
  backend: AudioBackend,
  { input, output, send }: ChosenDevices,
  inputChannels: number,
  rate: Hertz | null,
  callbacks: (direction: 'output' | 'send') => StreamCallbacks,
): Promise<OpenedStreams> {
  const opened: AudioStream[] = [];
  const open = async (direction: 'output' | 'send', from: AudioDevice | null, to: AudioDevice | null) => {
    const rateHertz = rate ?? from?.sampleRateHertz ?? to?.sampleRateHertz ?? 48_000;
    const stream = await backend.open(
      {
        input: from === null ? null : { device: from, channels: inputChannels },
        output: to === null ? null : { device: to, channels: outputChannels(to) },
        sampleRateHertz: from === null && rate === null ? null : rateHertz,
        blockSamples: blockSamples(rateHertz),
      },
      callbacks(direction),
    );
    opened.push(stream);
    return stream;
  };
  try {
    const isDuplex = output !== null && backend.sharesClock(input, output);
    const inputStream = await open('output', input, isDuplex ? output : null);
    return {
      input: inputStream,
      output: isDuplex ? inputStream : output === null ? null : await open('output', null, output),
      send: send === null ? null : await open('send', null, send),
    };
  } catch (error) {
    await Promise.all(opened.map((stream) => stream.close()));
    throw error;
  }
}

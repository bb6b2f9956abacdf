import { meanWeights, oneWeight } from '../../engine/channels/Mixdown.ts';
import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import type { AudioBackend, AudioStream, StreamCallbacks } from '../audio/backend/AudioBackend.ts';
import { type AudioDevice, chooseDevice } from '../audio/backend/AudioDevice.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { DeviceRequest } from '../rpc/audioMessages.ts';

/** Block requested from a device, 4 ms: short enough for talk-back, long enough for a busy machine. */
const BLOCK_SECONDS: Seconds = 192 / 48_000;
/** Number of channels whose mean is the input unless others are chosen. */
const MIXED_CHANNELS = 2;
/** Most channels that are compared to find the best. Devices of sound servers offer 32 and more, which repeat the sound of two. */
const COMPARED_CHANNELS = 8;
/** The mix is played on this many channels of an output at most. */
const OUTPUT_CHANNELS = 2;

/** Open streams; input and output may be the same one. */
export interface OpenedStreams {
  readonly input: AudioStream;
  readonly output: AudioStream | null;
  readonly send: AudioStream | null;
}

/** Devices of a session; null: no such output. */
export interface ChosenDevices {
  readonly input: AudioDevice;
  readonly output: AudioDevice | null;
  readonly send: AudioDevice | null;
}

/** @throws AudioError if a requested device does not exist or is ambiguous */
export function chooseDevices(devices: readonly AudioDevice[], request: DeviceRequest): ChosenDevices {
  const hasOutput = request.output !== null || devices.some((device) => device.outputChannels > 0);
  const chosen = {
    input: chooseDevice(devices, 'input', request.input),
    output: request.output === 'none' || !hasOutput ? null : chooseDevice(devices, 'output', request.output),
    send: request.send === null ? null : chooseDevice(devices, 'output', request.send),
  };
  refuseMonitor(chosen);
  return chosen;
}

/** @throws AudioError if the sound that is played would be the input */
function refuseMonitor({ input, output, send }: ChosenDevices): void {
  const played = [output, send].find((device) => device !== null && device.id === input.monitorOf);
  if (played == null) return;
  throw new AudioError(
    'no-device',
    `input "${input.name}" is what "${played.name}" plays`,
    'choose another input or output, so that the mix does not come in again',
  );
}

type WantedChannels = Pick<DeviceRequest, 'inputChannel' | 'voiceChannels'>;

/**
 * Number of input channels to open: those of the voices, all up to the wanted one, or those that are averaged or compared. Of a device with
 * more than eight, only the first two are compared.
 * @throws AudioError if the device does not have the wanted channels
 */
export function openedChannels(device: AudioDevice, { inputChannel: wanted, voiceChannels }: WantedChannels): number {
  const { inputChannels } = device;
  if (voiceChannels !== null) {
    const count = voiceChannels.length;
    if (count <= inputChannels) return count;
    const has = `${inputChannels} input ${inputChannels === 1 ? 'channel' : 'channels'}`;
    throw new AudioError(
      'no-device',
      `"${device.name}" has ${has}, --per-channel names ${count}`,
      `choose a device with at least ${count}, or name ${inputChannels} voices`,
    );
  }
  if (wanted === 'best' && inputChannels <= COMPARED_CHANNELS) return inputChannels;
  if (typeof wanted !== 'number') return Math.min(MIXED_CHANNELS, inputChannels);
  if (wanted <= inputChannels) return wanted;
  throw new AudioError(
    'no-device',
    `"${device.name}" has no input channel ${wanted}`,
    `it has ${device.inputChannels}: choose one from 1 to ${device.inputChannels}`,
  );
}

/** @returns [channels] factors on the input channels when they are opened; for `best`, until those have been found; 1 for the voices' own */
export function inputWeights(channels: number, { inputChannel: wanted, voiceChannels }: WantedChannels): number[] {
  if (voiceChannels !== null) return voiceChannels.map(() => 1);
  return typeof wanted === 'number'
    ? oneWeight(channels, wanted - 1)
    : meanWeights(channels, Math.min(MIXED_CHANNELS, channels));
}

/** Number of output channels to open. */
export function outputChannels(device: AudioDevice): number {
  return Math.min(OUTPUT_CHANNELS, device.outputChannels);
}

/** Block size for `BLOCK_SECONDS`, rounded to an even number of frames. */
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

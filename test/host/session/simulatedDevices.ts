import { type AudioDevice, chooseDevice } from '../../../host/audio/backend/AudioDevice.ts';
import type { ListedDevice } from '../../../host/protocol/LiveState.ts';
import type { DeviceRequest, OpenedAudio } from '../../../host/rpc/audioMessages.ts';

/** Devices of a machine that a test describes: a sound card, a headset and a loudspeaker. */
export const SIMULATED_DEVICES: readonly ListedDevice[] = [
  device('mic', 'Scarlett 2i2 USB', 2, 0, { isDefaultInput: true }),
  device('headset', 'Jabra Evolve 65', 1, 2, {}),
  device('out', 'Built-in Audio Analog Stereo', 0, 2, { isDefaultOutput: true }),
];

/** Chooses among devices by the rules of the audio process, without opening any. @throws AudioError if none matches */
export function openSimulated(devices: readonly ListedDevice[], request: DeviceRequest): OpenedAudio {
  const numbered: readonly AudioDevice[] = devices.map((each, index) => ({ ...each, index }));
  const { backend, input, output, send, sampleRateHertz } = request;
  return {
    backend: backend ?? 'portaudio',
    notice: null,
    inputName: chooseDevice(numbered, 'input', input).name,
    outputName: output === 'none' ? null : chooseDevice(numbered, 'output', output).name,
    sendName: send === null ? null : chooseDevice(numbered, 'output', send).name,
    sampleRateHertz: sampleRateHertz ?? 16_000,
    devices,
  };
}

function device(
  id: string,
  name: string,
  inputChannels: number,
  outputChannels: number,
  defaults: Partial<ListedDevice>,
): ListedDevice {
  const sampleRateHertz = 48_000;
  return {
    id,
    name,
    inputChannels,
    outputChannels,
    sampleRateHertz,
    isDefaultInput: false,
    isDefaultOutput: false,
    ...defaults,
  };
}

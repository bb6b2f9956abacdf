import type { Hertz } from '../../../engine/core/units.ts';
import { AudioError } from './AudioError.ts';

export type DeviceDirection = 'input' | 'output';

/** An audio input, output or both. Plain data: it is sent between processes as it is. */
export interface AudioDevice {
  /** Constant while the device is present and, where the system allows, after it has been plugged in again. */
  readonly id: string;
  /** Position in the backend's list. */
  readonly index: number;
  readonly name: string;
  /** Number of input channels; 0 if the device has no input. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly sampleRateHertz: Hertz;
  readonly isDefaultInput: boolean;
  readonly isDefaultOutput: boolean;
  /** Id of the output whose sound this input carries. @default none */
  readonly monitorOf?: string;
}

/**
 * Finds the device that a user names.
 * @param wanted an id, a full name, an index, or a part of the name (case is ignored; of a monitor only if no other device has it); null: the
 * default device
 * @throws AudioError if no device or several match; it lists the candidates
 */
export function chooseDevice(
  devices: readonly AudioDevice[],
  direction: DeviceDirection,
  wanted: string | null,
): AudioDevice {
  const usable = devices.filter((device) => channelsOf(device, direction) > 0);
  if (usable.length === 0) {
    throw new AudioError('no-device', `there is no ${direction} device`, 'plug one in, or use --backend file');
  }
  if (wanted === null) return usable.find((device) => isDefault(device, direction)) ?? usable[0]!;
  const exact = usable.find((device) => device.id === wanted || device.name === wanted);
  if (exact !== undefined) return exact;
  const byIndex = /^\d+$/.test(wanted) ? usable.find((device) => device.index === Number(wanted)) : undefined;
  if (byIndex !== undefined) return byIndex;
  const named = usable.filter((device) => device.name.toLowerCase().includes(wanted.toLowerCase()));
  // The description of a monitor contains that of its output.
  const unmonitored = named.filter(({ monitorOf }) => monitorOf === undefined);
  const matches = unmonitored.length > 0 ? unmonitored : named;
  if (matches.length === 1) return matches[0]!;
  const names = (matches.length > 1 ? matches : usable).map(({ index, name }) => `${index} "${name}"`).join(', ');
  const what = matches.length > 1 ? `several ${direction} devices match` : `no ${direction} device matches`;
  throw new AudioError('no-device', `${what} "${wanted}"`, `choose one of: ${names}`);
}

function channelsOf(device: AudioDevice, direction: DeviceDirection): number {
  return direction === 'input' ? device.inputChannels : device.outputChannels;
}

function isDefault(device: AudioDevice, direction: DeviceDirection): boolean {
  return direction === 'input' ? device.isDefaultInput : device.isDefaultOutput;
}

import type { Hertz } from '../../../engine/core/units.ts';
import { AudioError } from './AudioError.ts';

export type DeviceDirection = 'input' | 'output';

/** A place where sound comes in or goes out. Plain data: crosses processes as it is. */
export interface AudioDevice {
  /** Stays the same while the device is there, and where the system allows it, when it comes back. */
  readonly id: string;
  /** In the backend's list. */
  readonly index: number;
  readonly name: string;
  /** 0: no input. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly sampleRateHertz: Hertz;
  readonly isDefaultInput: boolean;
  readonly isDefaultOutput: boolean;
}

/**
 * The device that a user means.
 * @param wanted null for the default; else an index, an id or a part of the name, upper and lower case alike
 * @throws AudioError where none or several match: it lists them
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
  const matches = usable.filter((device) => device.name.toLowerCase().includes(wanted.toLowerCase()));
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

import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AudioError } from '../audio/backend/AudioError.ts';
import { listDevices } from '../session/listDevices.ts';
import type { Finding } from './Check.ts';

/** Capture devices of ALSA. */
const CAPTURE_DEVICE = /^pcmC\d+D\d+c$/;

/** @param list lists the devices of the first backend that has one */
export async function devicesFinding(
  signal: AbortSignal,
  list: (backend: null, signal: AbortSignal) => ReturnType<typeof listDevices> = listDevices,
): Promise<Finding> {
  try {
    const { backend, devices } = await list(null, signal);
    const inputs = devices.filter(({ inputChannels }) => inputChannels > 0).length;
    const outputs = devices.filter(({ outputChannels }) => outputChannels > 0).length;
    const found = `inputs ${inputs}, outputs ${outputs}, by ${backend}`;
    return inputs > 0
      ? { isOk: true, found, remedy: null }
      : { isOk: false, found: `${found}: there is no microphone`, remedy: 'plug one in' };
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    const remedy = `${error.remedy}; without devices: unmingle live --backend file`;
    return { isOk: false, found: error.happened, remedy };
  }
}

/**
 * Only Linux states whether a program may use the microphone; macOS and Windows ask, or deliver silence.
 * @param folder of the device files
 */
export async function permissionFinding(platform = process.platform, folder = '/dev/snd'): Promise<Finding> {
  if (platform !== 'linux') {
    const settings = platform === 'darwin' ? 'System Settings, Privacy & Security' : 'Settings, Privacy & security';
    return {
      isOk: true,
      found: 'the system asks, or delivers silence',
      remedy: `if the microphone stays silent, allow it to your terminal: ${settings}, Microphone`,
    };
  }
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => CAPTURE_DEVICE.test(name)).map((name) => join(folder, name));
  for (const path of paths) {
    const isReadable = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!isReadable) {
      const remedy = 'sudo usermod -aG audio $USER, then log in again; not needed with PulseAudio or PipeWire';
      return { isOk: false, found: `this user may not read ${path}`, remedy };
    }
  }
  const found =
    paths.length === 0 ? `none is needed: ${folder} has no microphone` : `this user may read ${paths.join(', ')}`;
  return { isOk: true, found, remedy: null };
}

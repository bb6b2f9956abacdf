import { InputError } from '../../engine/core/errors.ts';
import { BACKEND_NAMES } from '../audio/backend/AudioBackend.ts';
import { NOWHERE } from '../audio/backend/FileBackend.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';

export type DeviceSettings = Pick<
  LiveSettings,
  'backend' | 'input' | 'inputChannel' | 'output' | 'send' | 'sampleRateHertz'
>;

/** The device settings among all settings. */
export function deviceSettingsOf(settings: LiveSettings): DeviceSettings {
  const { backend, input, inputChannel, output, send, sampleRateHertz } = settings;
  return { backend, input, inputChannel, output, send, sampleRateHertz };
}

/** Whether the bundled mixture is played instead of a microphone. */
export function isDemo({ backend, input }: DeviceSettings): boolean {
  return backend === 'file' && input === null;
}

/** Settings that play the bundled mixture. */
export function demoDevices(settings: LiveSettings): LiveSettings {
  const noDevices = { input: null, inputChannel: null, output: null, send: null, sampleRateHertz: null };
  return { ...settings, ...noDevices, backend: 'file' };
}

/** Outputs of the file backend besides the files named on the command line. */
export const FILE_OUTPUTS: readonly string[] = ['none', NOWHERE];

/**
 * Device settings after a change that a panel or remote control requests. It may not name files: with the file backend, only the files of
 * the command line (or of the demo) are used.
 * @throws InputError for an unknown backend or another file
 */
export function changedDevices(settings: LiveSettings, changes: Partial<DeviceSettings>): LiveSettings {
  const changed: LiveSettings = { ...settings, ...changes };
  const { backend } = changed;
  if (backend !== null && !BACKEND_NAMES.some((name) => name === backend)) {
    throw new InputError(`backend must be one of ${BACKEND_NAMES.join(', ')}, got "${backend}"`);
  }
  if (backend !== 'file') {
    // The output of a file is none of the sound card's; a microphone is played nowhere until the user chooses an output.
    if (settings.backend === 'file' && changes.output === undefined) return { ...changed, output: 'none' };
    return changed;
  }
  if (settings.backend !== 'file') return { ...changed, input: null, output: null, send: null };
  for (const end of ['input', 'output', 'send'] as const) {
    const name = changed[end];
    if (name !== settings[end] && (end === 'input' || (name !== null && !FILE_OUTPUTS.includes(name)))) {
      throw new InputError(`${end}: files can be chosen on the command line only, got "${name}"`);
    }
  }
  return changed;
}

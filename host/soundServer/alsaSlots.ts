import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceDirection } from '../audio/backend/AudioDevice.ts';

/**
 * PortAudio and Web Audio reach a sound server through ALSA only, whose devices are those of its configuration. Two more devices, the
 * slots, connect to the source and to the sink that environment variables name at the moment at which they are opened.
 */
export const SLOTS: Readonly<Record<DeviceDirection, { readonly device: string; readonly variable: string }>> = {
  input: { device: 'unmingle_input', variable: 'UNMINGLE_SOURCE' },
  output: { device: 'unmingle_output', variable: 'UNMINGLE_SINK' },
};

/** How the ALSA plugin is installed that connects to PulseAudio, and to PipeWire through pipewire-pulse. */
export const ALSA_PLUGIN_REMEDY =
  'install the ALSA plugins (Debian, Ubuntu: libasound2-plugins; Fedora: alsa-plugins-pulseaudio)';

/** Where ALSA's own configuration is, unless the environment names another place. */
const ALSA_FOLDER = '/usr/share/alsa';
const CONFIGURATION = [
  slotConfiguration('input', 'capture', '@DEFAULT_SOURCE@'),
  slotConfiguration('output', 'playback', '@DEFAULT_SINK@'),
].join('');

/**
 * Adds the slots to the ALSA configuration of this process, if it has one. To be called before a sound library is loaded.
 *
 * The configuration is read through a descriptor of a removed file: nothing is left behind, however the process ends, and ALSA separates
 * paths by spaces and colons, which the path of the temporary folder may contain.
 */
export function addAlsaSlots(environment = process.env): void {
  const present = environment.ALSA_CONFIG_PATH ?? join(environment.ALSA_CONFIG_DIR ?? ALSA_FOLDER, 'alsa.conf');
  if (environment.ALSA_CONFIG_PATH === undefined && !existsSync(present)) return;
  const folder = mkdtempSync(join(tmpdir(), 'unmingle-alsa-'));
  try {
    const path = join(folder, 'slots.conf');
    writeFileSync(path, CONFIGURATION);
    environment.ALSA_CONFIG_PATH = `${present}:/proc/self/fd/${openSync(path, 'r')}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // From here on the variables are replaced, not added: sound libraries may read the environment in their own threads.
  for (const { variable } of Object.values(SLOTS)) environment[variable] = '';
}

function slotConfiguration(direction: DeviceDirection, stream: 'capture' | 'playback', byDefault: string): string {
  const { device, variable } = SLOTS[direction];
  return `
pcm.${device} {
  @args [ DEVICE ]
  @args.DEVICE {
    type string
    default { @func getenv vars [ ${variable} ] default "${byDefault}" }
  }
  type asym
  ${stream}.pcm { type pulse device $DEVICE }
  hint { show on description "${device}" }
}
`;
}

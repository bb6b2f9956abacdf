import { Command } from 'commander';
import { BACKEND_NAMES, type BackendName } from '../audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../audio/backend/AudioDevice.ts';
import { jsonText } from '../files/jsonText.ts';
import { textTable } from '../files/textTable.ts';
import { listDevices } from '../session/listDevices.ts';
import type { CommandContext } from './CommandContext.ts';
import { choiceOption } from './optionValues.ts';

const LISTED_BACKENDS = BACKEND_NAMES.filter((name) => name === 'portaudio' || name === 'webaudio');

interface DevicesOptions {
  readonly backend?: BackendName;
  readonly json?: boolean;
}

export function devicesCommand(context: CommandContext): Command {
  return new Command('devices')
    .summary('list microphones and loudspeakers')
    .description('Lists the devices that unmingle live can open. An asterisk marks the default input and output.')
    .option(
      '--backend <name>',
      `${LISTED_BACKENDS.join(' or ')} (default: the first that has a device)`,
      choiceOption('--backend', LISTED_BACKENDS),
    )
    .option('--json', 'print the list as JSON, and nothing else, to stdout')
    .addHelpText('after', '\nExamples:\n  unmingle devices\n  unmingle live --input 2 --output headphones')
    .action((options: DevicesOptions) => devices(context, options));
}

async function devices({ terminal }: CommandContext, options: DevicesOptions): Promise<void> {
  const { backend, notice, devices: found } = await listDevices(options.backend ?? null);
  if (notice !== null) terminal.notice(notice);
  terminal.result(options.json === true ? jsonText({ backend, devices: found }) : devicesText(backend, found));
}

function devicesText(backend: BackendName, devices: readonly AudioDevice[]): string {
  const rows = devices.map((device) => [
    String(device.index),
    device.name,
    channelsText(device.inputChannels, device.isDefaultInput),
    channelsText(device.outputChannels, device.isDefaultOutput),
    `${device.sampleRateHertz} Hz`,
  ]);
  const lines = textTable([['', 'name', 'in', 'out', 'rate'], ...rows], ['left']);
  return [`backend ${backend}`, ...lines].join('\n');
}

function channelsText(channels: number, isDefault: boolean): string {
  return channels === 0 ? '-' : `${channels}${isDefault ? '*' : ''}`;
}

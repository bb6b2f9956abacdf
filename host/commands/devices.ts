import { Command } from 'commander';
import { BACKEND_NAMES, type BackendName } from '../audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../audio/backend/AudioDevice.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
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
    .description(
      'Lists the devices that unmingle live can open: those of ALSA, Core Audio or WASAPI, JACK, and on Linux the sources and sinks of PulseAudio and PipeWire. An asterisk marks the default input and output.',
    )
    .option(
      '--backend <name>',
      `${LISTED_BACKENDS.join(' or ')} (default: the first that has a device)`,
      choiceOption('--backend', LISTED_BACKENDS),
    )
    .option(
      '--json',
      'print the list as JSON, and nothing else, to stdout; without a sound system it is empty, with the reasons',
    )
    .addHelpText('after', '\nExamples:\n  unmingle devices\n  unmingle live --input 2 --output headphones')
    .action((options: DevicesOptions) => devices(context, options));
}

async function devices({ terminal, signal }: CommandContext, { backend: choice, json }: DevicesOptions): Promise<void> {
  const wanted = choice ?? null;
  if (json === true) return terminal.result(jsonText(await devicesReport(wanted, signal)));
  const { backend, notice, devices: found } = await listDevices(wanted, signal);
  if (notice !== null) terminal.notice(notice);
  terminal.result(devicesText(backend, found));
}

/** Why a backend has no devices. */
interface MissingReason extends Pick<AudioError, 'kind' | 'happened' | 'remedy'> {
  readonly backend: BackendName;
}

/** For scripts, which expect an empty list where there is no sound system. @returns reasons: of the backends that have none */
async function devicesReport(wanted: BackendName | null, signal: AbortSignal) {
  const reasons: MissingReason[] = [];
  for (const name of wanted === null ? LISTED_BACKENDS : [wanted]) {
    try {
      const { backend, devices: found } = await listDevices(name, signal);
      return { backend, devices: found, reasons };
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      const { kind, happened, remedy } = error;
      reasons.push({ backend: name, kind, happened, remedy });
    }
  }
  return { backend: null, devices: [], reasons };
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

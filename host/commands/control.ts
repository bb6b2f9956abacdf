import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { jsonText } from '../files/jsonText.ts';
import { RemoteControl } from '../panel/RemoteControl.ts';
import { runningAddress, socketAddress } from '../panel/remoteAddress.ts';
import { type ControlMessage, parseControlMessage } from '../protocol/controlMessages.ts';
import type { CommandContext } from './CommandContext.ts';

interface ControlOptions {
  readonly address?: string;
  readonly printAddress?: boolean;
}

export function controlCommand(context: CommandContext): Command {
  return new Command('control')
    .summary('steer a running live session from a script')
    .description(
      `Sends messages to this user's running \`unmingle live\`, one after the other, each when the one before is done; without messages prints
the session's state as JSON. The messages are those of the panel: host/protocol/README.md lists them.`,
    )
    .argument('[messages...]', 'JSON, such as \'{"type":"setMaster","isBypassed":true}\'')
    .option('--address <address>', 'as unmingle live prints it (default: of the session started last)')
    .option(
      '--print-address',
      "print the address of the session's WebSocket, for programs of your own, and nothing else",
    )
    .addHelpText(
      'after',
      `
Examples:
  unmingle control '{"type":"setSpeaker","slot":0,"gainDecibels":-12}'
  unmingle control '{"type":"startRecording"}' && sleep 60 && unmingle control '{"type":"stopRecording"}'
  unmingle control | jq .settings.speakers
  npx wscat --connect "$(unmingle control --print-address)"`,
    )
    .action((messages: readonly string[], options: ControlOptions) => control(context, messages, options));
}

async function control(
  { terminal, signal }: CommandContext,
  words: readonly string[],
  options: ControlOptions,
): Promise<void> {
  const messages = words.map(readMessage);
  const address = options.address === undefined ? await runningAddress() : socketAddress(options.address);
  if (options.printAddress === true) {
    terminal.result(address);
    return;
  }
  const remote = await RemoteControl.connect(address);
  signal.addEventListener('abort', () => remote.close(), { once: true });
  try {
    for (const message of messages) await remote.send(message);
    if (messages.length === 0) terminal.result(jsonText(await remote.state()));
  } finally {
    remote.close();
  }
}

/** All are checked before the first is sent. */
function readMessage(json: string): ControlMessage {
  try {
    return parseControlMessage(json);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${json.slice(0, 80)}: ${error.message}`) : error;
  }
}

import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { jsonText } from '../files/jsonText.ts';
import { RemoteControl } from '../panel/RemoteControl.ts';
import { runningAddress, socketAddress } from '../panel/remoteAddress.ts';
import { type ControlMessage, parseControlMessage } from '../protocol/controlMessages.ts';
import type { CommandContext } from './CommandContext.ts';
import { refuseOptions } from './unreadOptions.ts';

interface ControlOptions {
  readonly address?: string;
  readonly printAddress?: boolean;
}

export function controlCommand(context: CommandContext): Command {
  const command = new Command('control')
    .summary('steer a running live session from a script')
    .description(
      `Sends messages to your running unmingle live, each after the previous one has been carried out. Without messages, prints the session's state as JSON. The messages are those of the panel; host/protocol/README.md lists them.`,
    )
    .argument('[messages...]', 'JSON, such as \'{"type":"setMaster","isBypassed":true}\'')
    .option(
      '--address <address>',
      "the panel's address, as unmingle live prints it (default: of the session started last)",
    )
    .option('--print-address', "print the address of the session's WebSocket, for your own programs, and exit")
    .addHelpText(
      'after',
      `
Examples:
  unmingle control '{"type":"setSpeaker","slot":0,"gainDecibels":-12}'
  unmingle control '{"type":"startRecording"}'
  unmingle control | jq .settings.speakers
  npx wscat --connect "$(unmingle control --print-address)"`,
    )
    .action((messages: readonly string[], options: ControlOptions) => {
      if (messages.length > 0) refuseOptions(command, ['--print-address'], 'with messages');
      return control(context, messages, options);
    });
  return command;
}

async function control(
  { terminal, signal }: CommandContext,
  texts: readonly string[],
  options: ControlOptions,
): Promise<void> {
  const messages = texts.map(readMessage);
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

/** @throws InputError that quotes the message; nothing has been sent by then */
function readMessage(json: string): ControlMessage {
  try {
    return parseControlMessage(json);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${json.slice(0, 80)}: ${error.message}`) : error;
  }
}

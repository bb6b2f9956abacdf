import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { jsonText } from '../files/jsonText.ts';
import { runningAddress, socketAddress } from '../panel/remoteAddress.ts';
import { type ControlMessage, parseControlMessage } from '../protocol/controlMessages.ts';
import type { CommandContext } from './CommandContext.ts';
import type { Terminal } from './Terminal.ts';
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
      "the panel's address, as unmingle live prints it; -: read from standard input, so that other users cannot see the token in the process list (default: of the session started last)",
    )
    .option('--print-address', "print the address of the session's WebSocket, for your own programs, and exit")
    .addHelpText(
      'after',
      `
Examples:
  unmingle control '{"type":"setSpeaker","slot":0,"gainDecibels":-12}'
  unmingle control '{"type":"startRecording"}'
  unmingle control | jq .settings.speakers
  unmingle control --print-address | node my-program.mjs
  unmingle control --address - '{"type":"stopRecording"}' < address.txt`,
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
  const address = await sessionAddress(terminal, options.address);
  if (options.printAddress === true) {
    terminal.result(address);
    return;
  }
  // Loaded here, because it needs packages that make up a third of the start of every command.
  const { RemoteControl } = await import('../panel/RemoteControl.ts');
  const remote = await RemoteControl.connect(address);
  signal.addEventListener('abort', () => remote.close(), { once: true });
  try {
    for (const message of messages) await remote.send(message);
    if (messages.length === 0) terminal.result(jsonText(await remote.state()));
  } finally {
    remote.close();
  }
}

/** @param option value of --address @returns the WebSocket address, with the token */
async function sessionAddress(terminal: Terminal, option: string | undefined): Promise<string> {
  if (option === undefined) return runningAddress();
  if (option === '-') return socketAddress((await text(process.stdin)).trim());
  terminal.notice('every user of this machine can read the token of --address in the process list; use --address -');
  return socketAddress(option);
}

/** @throws InputError that quotes the message; nothing has been sent by then */
function readMessage(json: string): ControlMessage {
  try {
    return parseControlMessage(json);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${json.slice(0, 80)}: ${error.message}`) : error;
  }
}

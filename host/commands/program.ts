import { Command, CommanderError } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { packageVersion } from '../files/packageRoot.ts';
import { adaptCommand } from './adapt.ts';
import { benchCommand } from './bench.ts';
import type { CommandContext } from './CommandContext.ts';
import { controlCommand } from './control.ts';
import { demoCommand } from './demo.ts';
import { devicesCommand } from './devices.ts';
import { evaluateCommand } from './evaluate.ts';
import { experimentCommand } from './experiment.ts';
import { liveCommand } from './live.ts';
import { presetsCommand } from './presets.ts';
import { separateCommand } from './separate.ts';
import { trainCommand } from './train.ts';
import { ConformanceFailure, validateCommand } from './validate.ts';

/** Exit codes of Contract A; 128 + signal number is what shells expect of an interrupted program. */
export const EXIT = { done: 0, userMistake: 1, internal: 2, interrupted: 130 } as const;

/** The reason of an abort by Ctrl-C. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/**
 * Runs one command line.
 * @param words without the program's own name
 * @returns the exit code; what went wrong has been told on stderr, in one line where it is the user's to mend
 */
export async function runProgram(words: readonly string[], context: CommandContext): Promise<number> {
  try {
    const program = buildProgram(context);
    if (words.length === 0) {
      program.outputHelp();
      return EXIT.done;
    }
    await program.parseAsync(words, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    return report(error, context);
  }
}

function buildProgram(context: CommandContext): Command {
  const program = new Command('unmingle')
    .description('Real-time speaker separation: each voice of a conversation on its own fader.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 a mistake in the command or its files (one line on stderr), 2 a fault of the program.

Examples:
  unmingle demo
  unmingle train recordings/ann --name ann
  unmingle separate meeting.wav --speakers ann,bob --out voices
  unmingle separate --help`,
    );
  for (const command of [
    liveCommand,
    controlCommand,
    devicesCommand,
    trainCommand,
    separateCommand,
    adaptCommand,
    presetsCommand,
    demoCommand,
    benchCommand,
    validateCommand,
    evaluateCommand,
    experimentCommand,
  ]) {
    program.addCommand(command(context));
  }
  program.addCommand(adaptCommand(context, 'scene'), { hidden: true });
  refineErrors(program);
  return program;
}

/** Commander ends the process and writes two lines where it suggests a word; here errors are thrown, and told in one line. */
function refineErrors(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  if (command.commands.length > 0) command.helpCommand(false);
  for (const child of command.commands) refineErrors(child);
}

function report(error: unknown, { terminal, signal }: CommandContext): number {
  if (signal.aborted || error instanceof Interruption) {
    terminal.notice('interrupted; nothing was left half-written');
    return EXIT.interrupted;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    terminal.notice(oneLine(error.message));
    return EXIT.userMistake;
  }
  if (error instanceof InputError) {
    terminal.notice(`error: ${oneLine(error.message)}`);
    return EXIT.userMistake;
  }
  if (error instanceof ConformanceFailure) {
    terminal.notice(`error: ${error.message}`);
    return EXIT.internal;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.notice(`internal error, please report it: ${trace}`);
  return EXIT.internal;
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, ' ');
}

import { Command, CommanderError } from 'commander';
import { CallError } from '../../engine/core/CallError.ts';
import { InputError } from '../../engine/core/errors.ts';
import { packageVersion } from '../files/packageRoot.ts';
import { adaptCommand } from './adapt.ts';
import { benchCommand } from './bench.ts';
import type { CommandContext } from './CommandContext.ts';
import { completeCommand, completionCommand } from './completion.ts';
import { controlCommand } from './control.ts';
import { demoCommand } from './demo.ts';
import { devicesCommand } from './devices.ts';
import { doctorCommand } from './doctor.ts';
import { enrolCommand } from './enrol.ts';
import { evaluateCommand } from './evaluate.ts';
import { experimentCommand } from './experiment.ts';
import { helpCommand } from './help.ts';
import { internalErrorText } from './internalErrorText.ts';
import { withListAdvice } from './listAdvice.ts';
import { liveCommand } from './live.ts';
import { presetsCommand } from './presets.ts';
import { queueCommand } from './queue.ts';
import { separateCommand } from './separate.ts';
import { EXIT } from './Terminal.ts';
import { trainCommand } from './train.ts';
import { ConformanceFailure, validateCommand } from './validate.ts';
import { voicesCommand } from './voices.ts';
import { workerCommand } from './worker.ts';

/** Abort reason after Ctrl-C. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/**
 * Runs one command line. Errors are reported through the terminal: a user's mistake as one line, an internal error with its stack.
 * @param words arguments, without the program's own name
 * @returns the exit code
 */
export async function runProgram(words: readonly string[], context: CommandContext): Promise<number> {
  try {
    const program = buildProgram(context, words);
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

/**
 * The command line as commander's objects, with all commands and hidden aliases.
 * @param words what will be parsed, for advice in error messages @default nothing
 */
export function buildProgram(context: CommandContext, words: readonly string[] = []): Command {
  const program = new Command('unmingle')
    .description('Real-time speaker separation: each voice of a conversation on its own fader.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 a mistake in the command or its files (one line on
stderr), 2 a fault of the program, 130 interrupted.

Examples:
  unmingle demo
  unmingle separate meeting.wav --voices 2 --out voices
  unmingle train recordings/ann --name ann
  unmingle separate meeting.wav --speakers ann,bob --out voices
  unmingle separate --help`,
    );
  for (const command of [
    liveCommand,
    controlCommand,
    devicesCommand,
    enrolCommand,
    trainCommand,
    separateCommand,
    voicesCommand,
    adaptCommand,
    presetsCommand,
    workerCommand,
    queueCommand,
    demoCommand,
    doctorCommand,
    completionCommand,
  ]) {
    program.addCommand(command(context));
  }
  for (const command of [benchCommand, validateCommand, evaluateCommand, experimentCommand]) {
    program.addCommand(command(context).helpGroup('Measurements and research:'));
  }
  program.addCommand(adaptCommand(context, 'scene'), { hidden: true });
  program.addCommand(completeCommand(context, program), { hidden: true });
  program.addCommand(helpCommand(program));
  redirectOutput(program, context, words);
  return program;
}

/** Makes commander throw its errors instead of printing them and exiting, and print help through the terminal. */
function redirectOutput(command: Command, context: CommandContext, words: readonly string[]): void {
  command
    .exitOverride((error) => {
      throw withListAdvice(error, command, words);
    })
    .configureOutput({
      writeOut: (text) => context.terminal.result(text.replace(/\n$/, '')),
      outputError: () => {},
    });
  if (command.commands.length > 0) command.helpCommand(false);
  for (const child of command.commands) redirectOutput(child, context, words);
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
  if (error instanceof CallError) {
    terminal.notice(`error: ${oneLine(error.message)}`);
    return EXIT.internal;
  }
  if (error instanceof InputError) {
    terminal.notice(`error: ${oneLine(error.message)}`);
    return EXIT.userMistake;
  }
  if (error instanceof ConformanceFailure) {
    terminal.notice(`error: ${error.message}`);
    return EXIT.internal;
  }
  terminal.notice(internalErrorText(error));
  return EXIT.internal;
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, ' ');
}

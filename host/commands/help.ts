import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { nearestName } from '../library/nearestName.ts';

/** `unmingle help COMMAND`, also for subcommands, which commander's own help command does not reach. */
export function helpCommand(program: Command): Command {
  return new Command('help')
    .summary('show the help of a command')
    .description('Shows the help of the program or of a command, as --help does.')
    .argument('[command...]', 'command, such as separate or presets import')
    .addHelpText('after', '\nExamples:\n  unmingle help separate\n  unmingle help presets import')
    .action((words: readonly string[]) => findCommand(program, words).outputHelp());
}

/** @throws InputError if there is no such command */
function findCommand(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const { commands } = command;
    const child = commands.find((each) => each.name() === word);
    if (child === undefined) {
      const nearest = nearestName(
        word,
        commands.map((each) => each.name()),
      );
      const advice = nearest === null ? 'unmingle --help lists all commands' : `did you mean ${nearest}?`;
      throw new InputError(`unknown command '${word}'; ${advice}`);
    }
    command = child;
  }
  return command;
}

import { Argument, Command } from 'commander';
import type { CommandContext } from './CommandContext.ts';
import { COMPLETION_SCRIPTS, SHELLS, type Shell } from './completionScripts.ts';
import { completions } from './completions.ts';

/** `unmingle completion`, which prints a script for a shell. */
export function completionCommand({ terminal }: CommandContext): Command {
  return new Command('completion')
    .summary('print the completion script of a shell')
    .description('Prints a script that completes commands, options, their values and the names of your presets.')
    .addArgument(new Argument('<shell>', 'shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  echo 'source <(unmingle completion bash)' >> ~/.bashrc
  echo 'source <(unmingle completion zsh)' >> ~/.zshrc
  unmingle completion fish > ~/.config/fish/completions/unmingle.fish`,
    )
    .action((shell: Shell) => terminal.result(COMPLETION_SCRIPTS[shell]));
}

/** `unmingle complete SHELL -- WORDS`, which the scripts call: prints one candidate a line. */
export function completeCommand({ terminal, library }: CommandContext, program: Command): Command {
  return new Command('complete')
    .description('Prints what may stand at the end of a command line, for the completion scripts.')
    .addArgument(new Argument('<shell>', 'shell').choices(SHELLS))
    .argument('[words...]', 'the command line; the last word is being typed')
    .action(async (shell: Shell, words: readonly string[]) => {
      const isBash = shell === 'bash';
      const found = await completions(program, isBash ? words.map(unescaped) : words, async () =>
        (await library.list()).map(({ name }) => name),
      );
      if (found.length > 0) terminal.result((isBash ? found.map(escaped) : found).join('\n'));
    });
}

/** bash passes words as they are typed, and inserts candidates as they are. */
function unescaped(word: string): string {
  return word.replace(/\\(.)/g, '$1');
}

function escaped(word: string): string {
  return word.replace(/[ '()]/g, '\\$&');
}

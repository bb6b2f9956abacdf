import { Command } from 'commander';
import type { CommandContext } from './CommandContext.ts';
import { pathOption } from './optionValues.ts';
import { FORCE_HELP } from './outputFiles.ts';
import type { DemoOptions } from './separateDemo.ts';

const DEFAULT_FOLDER = 'unmingle-demo';

export function demoCommand(context: CommandContext): Command {
  return new Command('demo')
    .summary('separate the bundled mixture of two voices')
    .description(
      'Separates ten seconds of two synthetic voices that speak at once, and compares the result with each voice alone.',
    )
    .option('-o, --out <dir>', `folder for the separated files (default: a new ${DEFAULT_FOLDER})`, pathOption('--out'))
    .option('--force', FORCE_HELP)
    .option('--json', 'print a JSON report, and nothing else, to stdout')
    .addHelpText('after', '\nExample:\n  unmingle demo --out /tmp/voices')
    .action(async (options: DemoOptions) => {
      const { separateDemo } = await import('./separateDemo.ts');
      return separateDemo(context, options, DEFAULT_FOLDER);
    });
}

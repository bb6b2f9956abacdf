import { Command } from 'commander';
import { jsonText } from '../files/jsonText.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import type { CommandContext } from './CommandContext.ts';
import { pathOption } from './optionValues.ts';
import { claimOutputs, FORCE_HELP } from './outputFiles.ts';
import { refuseOptions } from './unreadOptions.ts';

interface BenchOptions {
  readonly json?: string | true;
  readonly force?: boolean;
}

export function benchCommand(context: CommandContext): Command {
  const command = new Command('bench')
    .summary('measure the engine on this machine')
    .description(
      'Measures on one core, in about a minute, how much faster than real time the bundled voices are separated, how the time ' +
        'divides into stages and grows with the settings, and how the kernel compares with its peak and with other implementations. ' +
        'Goals are listed beside.',
    )
    .option(
      '--json [file]',
      'write the report as JSON to a file, or to stdout without a file name',
      pathOption('--json'),
    )
    .option('--force', FORCE_HELP)
    .addHelpText('after', '\nExamples:\n  unmingle bench\n  unmingle bench --json bench.json')
    .action((options: BenchOptions) => {
      if (typeof options.json !== 'string') refuseOptions(command, ['--force'], 'without --json <file>');
      return bench(context, options);
    });
  return command;
}

async function bench({ terminal, signal }: CommandContext, { json, force = false }: BenchOptions): Promise<void> {
  if (typeof json === 'string') {
    const alternative = 'choose another file with --json';
    await claimOutputs(terminal, [json], { inputs: [], isReplacing: force, alternative });
  }
  // Loaded here, because it loads tfjs, which other commands do not need.
  const [{ measureEngine }, { benchText }] = await Promise.all([
    import('../lab/bench/benchReport.ts'),
    import('../lab/bench/benchText.ts'),
  ]);
  const progress = terminal.progress('measuring');
  const report = await measureEngine((fraction) => {
    signal.throwIfAborted();
    progress.update(fraction);
  }).finally(() => progress.stop());
  if (typeof json === 'string') await writeTextFile(json, `${jsonText(report)}\n`, force ? 'replace' : 'create');
  terminal.result(json === true ? jsonText(report) : benchText(report));
}

import { Command } from 'commander';
import { jsonText } from '../files/jsonText.ts';
import { requireWritable, writeTextFile } from '../files/writeTextFile.ts';
import type { CommandContext } from './CommandContext.ts';

interface BenchOptions {
  readonly json?: string | true;
}

export function benchCommand(context: CommandContext): Command {
  return new Command('bench')
    .summary('measure the engine on this machine')
    .description(
      'Measures on one core, in less than a minute, how much faster than real time the engine is, where the time goes, how that ' +
        'grows with its settings, and how the kernel stands against its peak and against others. Each goal stands beside its figure.',
    )
    .option('--json [file]', 'write the report as JSON into a file, or to stdout where none is named')
    .addHelpText('after', '\nExamples:\n  unmingle bench\n  unmingle bench --json bench.json')
    .action((options: BenchOptions) => bench(context, options));
}

async function bench({ terminal, signal }: CommandContext, { json }: BenchOptions): Promise<void> {
  if (typeof json === 'string') await requireWritable(json, true);
  // Loaded late: with it comes tfjs, which no other command should wait for.
  const [{ measureEngine }, { benchText }] = await Promise.all([
    import('../lab/bench/benchReport.ts'),
    import('../lab/bench/benchText.ts'),
  ]);
  const progress = terminal.progress('measuring');
  const report = await measureEngine((fraction) => {
    signal.throwIfAborted();
    progress.update(fraction);
  }).finally(() => progress.stop());
  if (typeof json === 'string') await writeTextFile(json, `${jsonText(report)}\n`);
  terminal.result(json === true ? jsonText(report) : benchText(report));
}

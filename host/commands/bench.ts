import { cpus } from 'node:os';
import { Command } from 'commander';
import { Kernel } from '../../engine/kernel/Kernel.ts';
import { measureSeparator, type SeparatorTiming } from '../bench/separatorBench.ts';
import { requireWritable, writeTextFile } from '../writeTextFile.ts';
import { type CommandContext, jsonText } from './CommandContext.ts';

interface BenchOptions {
  readonly json?: string | true;
}

export function benchCommand(context: CommandContext): Command {
  return new Command('bench')
    .summary('measure the engine on this machine')
    .description(
      'Measures on one core how much faster than real time the engine is, and how that grows with its settings.',
    )
    .option('--json [file]', 'write the report as JSON into a file, or to stdout where none is named')
    .addHelpText('after', '\nExamples:\n  unmingle bench\n  unmingle bench --json bench.json')
    .action((options: BenchOptions) => bench(context, options));
}

async function bench({ terminal, signal }: CommandContext, { json }: BenchOptions): Promise<void> {
  if (typeof json === 'string') await requireWritable(json, true);
  const progress = terminal.progress('measuring');
  let separator: SeparatorTiming[];
  try {
    separator = await measureSeparator((fraction) => {
      signal.throwIfAborted();
      progress.update(fraction);
    });
  } finally {
    progress.stop();
  }
  const report = {
    processor: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    kernel: Kernel.bestVariant(),
    separator,
  };
  if (typeof json === 'string') await writeTextFile(json, `${jsonText(report)}\n`);
  terminal.result(json === true ? jsonText(report) : benchText(report));
}

function benchText(report: {
  readonly processor: string;
  readonly node: string;
  readonly kernel: string;
  readonly separator: readonly SeparatorTiming[];
}): string {
  const lines = [
    `${report.processor}, Node ${report.node}, kernel ${report.kernel}, one core`,
    '',
    'separator at 48 kHz, hop N/4, noise and random templates (the worst case)',
    'speakers  templates      N   times real time   us a hop: p50     p99',
  ];
  for (const { speakers, templates, windowSamples, realTimeFactor, microsecondsPerHop } of report.separator) {
    const cells = [
      String(speakers).padStart(8),
      String(templates).padStart(9),
      String(windowSamples).padStart(5),
      realTimeFactor.toFixed(1).padStart(16),
      microsecondsPerHop.p50.toFixed(0).padStart(15),
      microsecondsPerHop.p99.toFixed(0).padStart(6),
    ];
    lines.push(cells.join('  '));
  }
  return lines.join('\n');
}

import { join } from 'node:path';
import { Command } from 'commander';
import { jsonText } from '../files/jsonText.ts';
import { packageRoot } from '../files/packageRoot.ts';
import { ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import { adaptSpeakers, runSeparation } from './separate.ts';
import { separationReport, separationText } from './separationReport.ts';

/** Both the presets and their voices in presets/demo/ are called so. */
const DEMO_SPEAKERS = ['synthetic-female', 'synthetic-male'] as const;

interface DemoOptions {
  readonly out: string;
  readonly json?: boolean;
}

export function demoCommand(context: CommandContext): Command {
  return new Command('demo')
    .summary('separate the bundled mixture of two voices')
    .description(
      'Separates ten seconds of two synthetic voices speaking at once, and measures the result against each voice alone.',
    )
    .option('-o, --out <dir>', 'folder for the files', 'unmingle-demo')
    .option('--json', 'print a report as JSON, and nothing else, to stdout')
    .addHelpText('after', '\nExample:\n  unmingle demo --out /tmp/voices')
    .action((options: DemoOptions) => demo(context, options));
}

async function demo(context: CommandContext, { out, json }: DemoOptions): Promise<void> {
  const { terminal } = context;
  const folder = join(packageRoot(), 'presets');
  const mixturePath = join(folder, 'demo', 'mixture.flac');
  const presetPaths = DEMO_SPEAKERS.map((name) => join(folder, `${name}.unmingle.json`));
  const presets = await Promise.all(presetPaths.map((path) => context.library.load(path)));
  const references = await ReferenceMetrics.read(DEMO_SPEAKERS.map((name) => join(folder, 'demo', `${name}.flac`)));
  const options = { out, latency: 'monitor', rest: true, format: 'pcm16' } as const;
  const { adaptation } = await adaptSpeakers(context, presetPaths, mixturePath);
  const { result, measured } = await runSeparation(context, mixturePath, presets, options, references, adaptation);
  if (json === true) return terminal.result(jsonText(separationReport(mixturePath, options.latency, result, measured)));
  terminal.result(
    'Two voices speaking at once, separated by the engine that also runs live (decibels; more is better):\n',
  );
  terminal.result(separationText(mixturePath, result, measured));
  terminal.result(`\nListen to them. Then your own: unmingle train --help, unmingle separate --help`);
}

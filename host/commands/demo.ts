import { Command } from 'commander';
import { DEMO_SPEAKERS, demoMixturePath, demoVoicePath } from '../files/demoFiles.ts';
import { jsonText } from '../files/jsonText.ts';
import { demoPresetPaths } from '../library/defaultSpeakerSet.ts';
import { ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import { adaptSpeakers, runSeparation } from './separate.ts';
import { separationReport, separationText } from './separationReport.ts';

interface DemoOptions {
  readonly out: string;
  readonly json?: boolean;
}

export function demoCommand(context: CommandContext): Command {
  return new Command('demo')
    .summary('separate the bundled mixture of two voices')
    .description(
      'Separates ten seconds of two synthetic voices that speak at once, and compares the result with each voice alone.',
    )
    .option('-o, --out <dir>', 'folder for the separated files', 'unmingle-demo')
    .option('--json', 'print a JSON report, and nothing else, to stdout')
    .addHelpText('after', '\nExample:\n  unmingle demo --out /tmp/voices')
    .action((options: DemoOptions) => demo(context, options));
}

async function demo(context: CommandContext, { out, json }: DemoOptions): Promise<void> {
  const { terminal } = context;
  const mixturePath = demoMixturePath();
  // By path: presets of the user's own with these names must not change the demo.
  const presetPaths = demoPresetPaths();
  const presets = await Promise.all(presetPaths.map((path) => context.library.load(path)));
  const references = await ReferenceMetrics.read(DEMO_SPEAKERS.map(demoVoicePath));
  const options = { out, latency: 'monitor', rest: true, format: 'pcm16' } as const;
  const { adaptation } = await adaptSpeakers(context, presetPaths, mixturePath);
  const { result, measured } = await runSeparation(context, mixturePath, presets, options, references, adaptation);
  if (json === true) return terminal.result(jsonText(separationReport(mixturePath, options.latency, result, measured)));
  terminal.result(
    'Two voices speaking at once, separated by the engine that also runs live (higher figures are better):\n',
  );
  terminal.result(separationText(mixturePath, result, measured));
  terminal.result('\nListen to the files, then separate your own: unmingle train --help, unmingle separate --help');
}

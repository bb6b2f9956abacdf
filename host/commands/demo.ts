import { Command } from 'commander';
import { DEMO_SPEAKERS, demoMixturePath, demoVoicePath } from '../files/demoFiles.ts';
import { jsonText } from '../files/jsonText.ts';
import { freePath } from '../files/outputs.ts';
import { readDemoPresets } from '../library/defaultSpeakerSet.ts';
import { outputPaths, separationRules } from '../offline/FileSeparation.ts';
import { ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import { pathOption } from './optionValues.ts';
import { claimOutputs, FORCE_HELP } from './outputFiles.ts';
import { runSeparation, separationInputs } from './runSeparation.ts';
import { separationReport, separationText } from './separationReport.ts';
import { adaptSpeakers } from './separationVoices.ts';

interface DemoOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** With a number if it exists. */
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
    .action((options: DemoOptions) => demo(context, options));
}

async function demo(context: CommandContext, { force = false, json, ...choice }: DemoOptions): Promise<void> {
  const { terminal } = context;
  const mixturePath = demoMixturePath();
  // Of the bundled library: presets of the user's own with these names must not change the demo.
  const voices = await readDemoPresets();
  const presets = voices.map(({ preset }) => preset);
  const out = choice.out ?? (force ? DEFAULT_FOLDER : freePath(DEFAULT_FOLDER));
  const voicePaths = DEMO_SPEAKERS.map(demoVoicePath);
  const protectedPaths = [...separationInputs(voices, null), ...voicePaths];
  const options = { out, latency: 'monitor', rest: true, format: 'pcm16', force, protectedPaths } as const;
  await claimOutputs(
    terminal,
    outputPaths(out, presets, options.rest, options.format),
    separationRules({ mixturePath, protectedPaths, isReplacing: force }),
  );
  const references = await ReferenceMetrics.read(voicePaths);
  const { adaptation } = await adaptSpeakers(context, voices, mixturePath);
  const { result, measured } = await runSeparation(context, mixturePath, presets, options, references, adaptation);
  if (json === true) return terminal.result(jsonText(separationReport(mixturePath, options.latency, result, measured)));
  terminal.result(
    'Two voices speaking at once, separated by the engine that also runs live (higher figures are better):\n',
  );
  terminal.result(separationText(mixturePath, result, measured));
  terminal.result('\nListen to the files, then separate your own: unmingle train --help, unmingle separate --help');
}

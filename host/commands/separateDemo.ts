import { DEMO_SPEAKERS, demoMixturePath, demoVoicePath } from '../files/demoFiles.ts';
import { jsonText } from '../files/jsonText.ts';
import { freePath } from '../files/outputs.ts';
import { readDemoPresets } from '../library/defaultSpeakerSet.ts';
import { outputPaths, separationRules } from '../offline/FileSeparation.ts';
import { ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import { claimOutputs } from './outputFiles.ts';
import { runSeparation, separationInputs } from './runSeparation.ts';
import { separationReport, separationText } from './separationReport.ts';
import { adaptSpeakers } from './separationVoices.ts';

/** Parsed options of `demo`. */
export interface DemoOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Separates the bundled mixture, and compares each track with the voice alone. @param usualFolder for the files; with a number if it exists */
export async function separateDemo(
  context: CommandContext,
  { force = false, json, ...choice }: DemoOptions,
  usualFolder: string,
): Promise<void> {
  const { terminal } = context;
  const mixturePath = demoMixturePath();
  // Of the bundled library: presets of the user's own with these names must not change the demo.
  const voices = await readDemoPresets();
  const presets = voices.map(({ preset }) => preset);
  const out = choice.out ?? (force ? usualFolder : freePath(usualFolder));
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

import { basename } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { requireFileName } from '../../engine/core/fileName.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { jsonText } from '../files/jsonText.ts';
import { replacementNotice } from '../files/outputs.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { AdaptationLibrary, type AdaptationSource, type KeptAdaptation } from '../library/AdaptationLibrary.ts';
import { evidencePath } from '../library/evidenceFiles.ts';
import type { CommandContext } from './CommandContext.ts';
import { commaSeparated, pathOption } from './optionValues.ts';
import { claimOutputs } from './outputFiles.ts';
import { readPresets } from './presetArgument.ts';
import { refuseOptions } from './unreadOptions.ts';

interface AdaptOptions {
  readonly out?: string;
  readonly import?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** @param name `adapt`, or `scene`, its name up to version 0.1 */
export function adaptCommand(context: CommandContext, name: 'adapt' | 'scene' = 'adapt'): Command {
  const command = new Command(name)
    .summary('adapt voices to each other')
    .description(
      `Adapts voices to each other: learns which sounds they have in common and how to share these out. separate and live do this automatically; the result is kept in your library and used again.

Learning needs the evidence files beside the presets. Using an adaptation does not: --out exports one, --import adds one to the library. It is valid for exactly these presets in this order.`,
    )
    .argument('<speakers...>', `2 to ${MAXIMUM_SPEAKERS} preset names or preset files`)
    .option('-o, --out <file>', 'also write the adaptation to a file', pathOption('--out'))
    .option(
      '--import <file>',
      'add an adaptation written with --out to your library instead of learning it',
      pathOption('--import'),
    )
    .option('--force', 'replace the file of --out, or another adaptation in your library')
    .option('--json', 'print a JSON report, and nothing else, to stdout')
    .addHelpText(
      'after',
      `
Examples:
  unmingle adapt ann bob
  unmingle adapt ann bob --out ann-bob.adaptation.json
  unmingle adapt ann bob --import ann-bob.adaptation.json`,
    )
    .action((speakers: string[], options: AdaptOptions) => {
      if (name === 'scene') context.terminal.notice('scene is now called adapt; the old name will be removed');
      if (options.out === undefined && options.import === undefined)
        refuseOptions(command, ['--force'], 'without --out <file> or --import <file>');
      return adapt(context, speakers, options);
    });
  return command;
}

async function adapt(context: CommandContext, texts: readonly string[], options: AdaptOptions): Promise<void> {
  const { library, terminal } = context;
  const { out, force = false, json } = options;
  const names = await commaSeparated('<speakers>', texts);
  if (names.length < 2 || names.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`adapt needs 2 to ${MAXIMUM_SPEAKERS} speakers, got ${names.length}`);
  }
  if (out !== undefined) {
    if (!out.endsWith('.json')) throw new InputError(`--out must end in .json, got "${out}"`);
    requireFileName(basename(out));
  }
  const startMilliseconds = performance.now();
  const adaptations = new AdaptationLibrary(library);
  const voices = await readPresets(library, names);
  if (out !== undefined) {
    const read = options.import === undefined ? [] : [options.import];
    const inputs = [...read, ...voices.flatMap(({ path }) => [path, evidencePath(path)])];
    await claimOutputs(terminal, [out], { inputs, isReplacing: force, alternative: 'choose another file with --out' });
  }
  const source = await adaptations.source(voices);
  const isKnown = (await adaptations.find(source)) !== null;
  const kept =
    options.import === undefined
      ? await learn(context, adaptations, source)
      : await importAdaptation(context, adaptations, source, options.import, force);
  if (kept === null) throw new InputError(`cannot adapt ${names.join(', ')}: ${source.reason}`);
  if (out !== undefined) await writeTextFile(out, kept.text, force ? 'replace' : 'create');
  const report = {
    speakers: source.presets.map(({ name }) => name),
    key: source.key,
    bands: kept.adaptation.frequenciesHertz.length,
    bytes: Buffer.byteLength(kept.text),
    out: out ?? null,
    isKnown,
    wallSeconds: (performance.now() - startMilliseconds) / 1000,
  };
  if (json === true) return terminal.result(jsonText(report));
  const how =
    options.import !== undefined
      ? `imported from ${options.import}`
      : isKnown
        ? 'already in the library'
        : `learnt in ${report.wallSeconds.toFixed(1)} s`;
  terminal.result(
    `${report.speakers.join(', ')}: adapted to each other, ${how} (${(report.bytes / 1000).toFixed(1)} kB)`,
  );
  if (out !== undefined) terminal.result(`  ${out}`);
}

async function importAdaptation(
  { terminal }: CommandContext,
  adaptations: AdaptationLibrary,
  source: AdaptationSource,
  path: string,
  isReplacing: boolean,
): Promise<KeptAdaptation> {
  const { replacedPaths, ...kept } = await adaptations.import(source, path, isReplacing);
  const notice = replacementNotice(replacedPaths);
  if (notice !== null) terminal.notice(notice);
  return kept;
}

async function learn(
  { terminal, signal }: CommandContext,
  adaptations: AdaptationLibrary,
  source: AdaptationSource,
): Promise<KeptAdaptation | null> {
  const progress = terminal.progress('adapting');
  return adaptations
    .adapt(source, { signal, onProgress: (fraction) => progress.update(fraction) })
    .finally(() => progress.stop());
}

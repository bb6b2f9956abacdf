import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { jsonText } from '../files/jsonText.ts';
import { requireWritable, writeTextFile } from '../files/writeTextFile.ts';
import { AdaptationLibrary, type AdaptationSource, type KeptAdaptation } from '../library/AdaptationLibrary.ts';
import type { CommandContext } from './CommandContext.ts';

interface AdaptOptions {
  readonly out?: string;
  readonly import?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** @param name `adapt`, or `scene`, its name up to version 0.1 */
export function adaptCommand(context: CommandContext, name: 'adapt' | 'scene' = 'adapt'): Command {
  return new Command(name)
    .summary('adapt voices that are loaded together to each other')
    .description(
      `Adapts voices to each other from the evidence kept beside their presets: which of a voice's sounds the others have as well, and
how to share them out. separate and live do so by themselves; what has been learnt once is kept in your library. It goes by the presets and
their order, and needs the evidence no more: with --out and --import it can be had where there is none.`,
    )
    .argument('<speakers...>', `2 to ${MAXIMUM_SPEAKERS} presets by name, or paths of preset files`)
    .option('-o, --out <file>', 'also write the adaptation into a file')
    .option('--import <file>', 'take the adaptation from a file that --out has written, into your library')
    .option('--force', 'replace the file of --out')
    .option('--json', 'print a report as JSON, and nothing else, to stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  unmingle adapt ann bob\n  unmingle adapt ann bob --out ann-bob.adaptation.json\n  unmingle adapt ann bob --import ann-bob.adaptation.json',
    )
    .action((speakers: string[], options: AdaptOptions) => {
      if (name === 'scene') context.terminal.notice('scene is now called adapt; the old name will be removed');
      return adapt(context, speakers, options);
    });
}

async function adapt(context: CommandContext, names: readonly string[], options: AdaptOptions): Promise<void> {
  const { library, terminal } = context;
  const { out, force = false, json } = options;
  if (names.length < 2 || names.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`adapt takes 2 to ${MAXIMUM_SPEAKERS} speakers, got ${names.length}`);
  }
  if (out !== undefined) {
    if (!out.endsWith('.json')) throw new InputError(`--out must end in .json, got "${out}"`);
    await requireWritable(out, force);
  }
  const startMilliseconds = performance.now();
  const speakerSets = new AdaptationLibrary(library);
  const source = await speakerSets.source(names);
  const isKnown = (await speakerSets.find(source)) !== null;
  const kept =
    options.import === undefined
      ? await learn(context, speakerSets, source)
      : await speakerSets.import(source, options.import);
  if (kept === null) throw new InputError(`cannot adapt ${names.join(', ')}: ${source.reason}`);
  if (out !== undefined) await writeTextFile(out, kept.text);
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
      ? `as ${options.import} has it`
      : isKnown
        ? 'known before'
        : `learnt in ${report.wallSeconds.toFixed(1)} s`;
  terminal.result(
    `${report.speakers.join(', ')}: adapted to each other, ${how} (${(report.bytes / 1000).toFixed(1)} kB)`,
  );
  if (out !== undefined) terminal.result(`  ${out}`);
}

async function learn(
  { terminal, signal }: CommandContext,
  speakerSets: AdaptationLibrary,
  source: AdaptationSource,
): Promise<KeptAdaptation | null> {
  const progress = terminal.progress('adapting');
  return speakerSets
    .adapt(source, { signal, onProgress: (fraction) => progress.update(fraction) })
    .finally(() => progress.stop());
}

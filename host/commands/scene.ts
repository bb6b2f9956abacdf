import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/separator/Scene.ts';
import { type KeptAdaptation, SceneLibrary, type SceneSource } from '../SceneLibrary.ts';
import { requireWritable, writeTextFile } from '../writeTextFile.ts';
import { type CommandContext, jsonText } from './CommandContext.ts';

interface SceneOptions {
  readonly out?: string;
  readonly import?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function sceneCommand(context: CommandContext): Command {
  return new Command('scene')
    .summary('adapt voices that are loaded together to each other')
    .description(
      `Adapts voices to each other from the evidence kept beside their presets: which of a voice's sounds the others have as well, and
how to share them out. separate and live do so by themselves; what has been learnt once is kept in your library. It goes by the presets and
their order, and needs the evidence no more: with --out and --import it can be had where there is none.`,
    )
    .argument('<speakers...>', `2 to ${MAXIMUM_SPEAKERS} presets by name, or paths of preset files`)
    .option('-o, --out <file>', 'also write the scene into a file')
    .option('--import <file>', 'take the scene from a file that --out has written, into your library')
    .option('--force', 'replace the file of --out')
    .option('--json', 'print a report as JSON, and nothing else, to stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  unmingle scene ann bob\n  unmingle scene ann bob --out ann-bob.scene.json\n  unmingle scene ann bob --import ann-bob.scene.json',
    )
    .action((speakers: string[], options: SceneOptions) => adapt(context, speakers, options));
}

async function adapt(context: CommandContext, names: readonly string[], options: SceneOptions): Promise<void> {
  const { library, terminal } = context;
  const { out, force = false, json } = options;
  if (names.length < 2 || names.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`a scene has 2 to ${MAXIMUM_SPEAKERS} speakers, got ${names.length}`);
  }
  if (out !== undefined) {
    if (!out.endsWith('.json')) throw new InputError(`--out must end in .json, got "${out}"`);
    await requireWritable(out, force);
  }
  const startMilliseconds = performance.now();
  const scenes = new SceneLibrary(library);
  const source = await scenes.source(names);
  const isKnown = (await scenes.find(source)) !== null;
  const kept =
    options.import === undefined ? await learn(context, scenes, source) : await scenes.import(source, options.import);
  if (kept === null) throw new InputError(`cannot adapt ${names.join(', ')}: ${source.obstacle}`);
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
  scenes: SceneLibrary,
  source: SceneSource,
): Promise<KeptAdaptation | null> {
  const progress = terminal.progress('adapting');
  return scenes
    .adapt(source, { signal, onProgress: (fraction) => progress.update(fraction) })
    .finally(() => progress.stop());
}

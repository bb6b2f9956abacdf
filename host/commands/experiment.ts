import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { jsonText } from '../files/jsonText.ts';
import type { DatasetSplit } from '../lab/evaluation/index.ts';
import type { CommandContext } from './CommandContext.ts';
import { datasetInputs, pairsOption, splitOption } from './datasetOptions.ts';
import { experimentSeparateCommand } from './experimentSeparate.ts';
import { collect, commaSeparated, integerOption, pathOption } from './optionValues.ts';
import { claimOutputs, FORCE_HELP } from './outputFiles.ts';
import { paragraphs } from './paragraphs.ts';
import { hybridCommand, transferCommand } from './pointExperiments.ts';
import { trainCommand } from './train.ts';

interface ExperimentCommandOptions {
  readonly pairs: number | 'all';
  readonly seed: number;
  readonly split: DatasetSplit;
  readonly out: string;
  readonly withPaper?: true;
  readonly withoutPaper?: true;
  readonly paperSpeakers?: readonly string[];
  readonly epochs?: number;
  readonly paperCoordinate?: true;
  readonly speakersFile?: string;
  readonly skipUnusable?: boolean;
  readonly force?: boolean;
  readonly json?: true;
}

type ExperimentName = 'reconstruction' | 'separation';

const SUMMARIES: Readonly<Record<ExperimentName, string>> = {
  reconstruction: "the paper's Table 1: KL divergence of speech at windows other than that of training",
  separation: "the paper's Figure 5: separation at windows of 1000 to 2500 samples, 20 templates, hop N/2",
};
const THREADS = 2;

export function experimentCommand(context: CommandContext): Command {
  const command = new Command('experiment').summary(
    "repeat the paper's experiments, or try variants that separate no better",
  );
  command.description(
    paragraphs(`reconstruction, separation, hybrid and transfer repeat an experiment of the paper and write a folder with config.json,
results.json, figures, and README.md with tables and findings. unmingle evaluate --help describes the layout of DATASET.
separate and train are variants of the commands of the same name, without measured advantages.`),
  );
  for (const name of ['reconstruction', 'separation'] as const) command.addCommand(oneExperiment(context, name));
  command.addCommand(hybridCommand(context));
  command.addCommand(transferCommand(context));
  command.addCommand(experimentSeparateCommand(context));
  command.addCommand(
    trainCommand(context, true).summary('learn a speaker from another time-frequency representation than the STFT'),
  );
  return command;
}

function oneExperiment(context: CommandContext, name: ExperimentName): Command {
  return new Command(name)
    .summary(SUMMARIES[name])
    .description(
      paragraphs(`Repeats ${SUMMARIES[name]}. Four pairs take a few minutes on two cores. The paper's own networks, the method
paper, train 5 to 10 minutes per speaker and are cached for later runs.`),
    )
    .argument('<dataset>', 'folder of folders of recordings')
    .option('--pairs <all|N>', 'pairs of speakers: all, or N random ones', pairsOption, 'all')
    .option('--seed <number>', 'seed of drawing pairs and of training', integerOption('--seed', 0, 2 ** 32 - 1), 1)
    .addOption(splitOption())
    .option('--out <folder>', 'folder to write', pathOption('--out'), `experiment-${name}`)
    .option('--without-paper', "leave out the paper's own networks (default)")
    .option('--with-paper', "train the paper's own networks too")
    .option('--paper-speakers <a,b,...>', "train the paper's networks for these speakers only", collect)
    .option(
      '--epochs <count>',
      "training epochs of the paper's networks (default: 1000)",
      integerOption('--epochs', 1, 100_000),
    )
    .option('--paper-coordinate', "input of the paper's networks: n / (N/2 + 1) as published, instead of hertz")
    .option('--speakers-file <file>', 'read it instead of DATASET/speakers.json', pathOption('--speakers-file'))
    .option('--skip-unusable', 'skip unusable recordings and speakers, instead of stopping with an error')
    .option('--force', FORCE_HELP)
    .option('--json', 'print results.json instead of README.md')
    .action((folder: string, options: ExperimentCommandOptions) => runExperiment(context, name, folder, options));
}

async function runExperiment(
  { terminal, signal }: CommandContext,
  name: ExperimentName,
  folder: string,
  options: ExperimentCommandOptions,
): Promise<void> {
  const { seed, split, out, force = false } = options;
  requireConsistent(options);
  // Loaded here, because they load tfjs, which other commands do not need.
  const evaluation = await import('../lab/evaluation/index.ts');
  const experiments = await import('../lab/experiments/index.ts');
  const isSeparation = name === 'separation';
  const figures = isSeparation ? experiments.SEPARATION_FIGURES : experiments.RECONSTRUCTION_FIGURES;
  await claimOutputs(terminal, experiments.experimentPaths(out, figures), {
    inputs: await datasetInputs(folder, options.speakersFile),
    isReplacing: force,
    alternative: 'choose another folder with --out',
  });

  const progress = terminal.progress(name);
  try {
    const dataset = await evaluation.readDataset(folder, {
      split,
      isSkipping: options.skipUnusable ?? false,
      ...(options.speakersFile === undefined ? {} : { speakersFile: options.speakersFile }),
      signal,
      onProgress: () => progress.update(0, 'reading recordings'),
    });
    for (const notice of dataset.remarks) terminal.notice(notice);
    const experiment = {
      dataset,
      seed,
      signal,
      threads: THREADS,
      pairs: evaluation.speakerPairs(dataset.speakers, options.pairs, seed),
      paper: await paperOf(
        options,
        dataset.speakers.map((speaker) => speaker.name),
        evaluation.PAPER_SETTINGS.epochs,
      ),
      onProgress: (fraction: number, detail: string) => progress.update(fraction, detail),
    };
    const facts = { options: experiment, split, command: commandLine(name, folder, options) };
    const files = isSeparation
      ? experiments.separationReport(facts, await experiments.separateAll(experiment))
      : experiments.reconstructionReport(facts, await experiments.reconstruct(experiment));
    await experiments.writeExperiment(out, files, force ? 'replace' : 'create');
    progress.stop();
    terminal.result(options.json === true ? jsonText(files.results) : files.markdown.trimEnd());
  } finally {
    progress.stop();
  }
}

function requireConsistent({
  withPaper,
  withoutPaper,
  paperSpeakers,
  epochs,
  paperCoordinate,
}: ExperimentCommandOptions) {
  const isPaper = withPaper === true || paperSpeakers !== undefined;
  if (withoutPaper === true && isPaper) {
    throw new InputError('--without-paper excludes --with-paper and --paper-speakers; give one of them');
  }
  if (!isPaper && (epochs !== undefined || paperCoordinate === true)) {
    throw new InputError('--epochs and --paper-coordinate need --with-paper or --paper-speakers');
  }
}

async function paperOf(options: ExperimentCommandOptions, all: readonly string[], defaultEpochs: number) {
  if (options.withPaper !== true && options.paperSpeakers === undefined) return null;
  const speakers = await commaSeparated('--paper-speakers', options.paperSpeakers ?? all);
  const unknown = speakers.find((speaker) => !all.includes(speaker));
  if (unknown !== undefined) {
    throw new InputError(`--paper-speakers: unknown speaker "${unknown}"; the dataset has ${all.join(', ')}`);
  }
  const coordinate = options.paperCoordinate === true ? ('published' as const) : ('hertz' as const);
  return { epochs: options.epochs ?? defaultEpochs, coordinate, speakers };
}

/** @returns the command line that recreates the folder */
function commandLine(name: ExperimentName, folder: string, options: ExperimentCommandOptions): string {
  const { pairs, seed, split, out, speakersFile, epochs, paperSpeakers } = options;
  const words = ['unmingle', 'experiment', name, folder, '--pairs', `${pairs}`, '--seed', `${seed}`];
  words.push('--split', `${split.train}:${split.test}`, '--out', out);
  if (speakersFile !== undefined) words.push('--speakers-file', speakersFile);
  if (options.skipUnusable === true) words.push('--skip-unusable');
  if (options.withPaper === true) words.push('--with-paper');
  if (paperSpeakers !== undefined) words.push('--paper-speakers', paperSpeakers.join(','));
  if (epochs !== undefined) words.push('--epochs', `${epochs}`);
  if (options.paperCoordinate === true) words.push('--paper-coordinate');
  words.push('--force');
  return words.map((word) => (/^[\w./:,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

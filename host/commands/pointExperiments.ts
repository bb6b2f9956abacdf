import { basename } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { readRecording } from '../audio/readRecording.ts';
import { demoVoicePath } from '../files/demoFiles.ts';
import { jsonText } from '../files/jsonText.ts';
import type { OutputRules } from '../files/outputs.ts';
import type { HybridLayout } from '../lab/experiments/index.ts';
import type { CommandContext } from './CommandContext.ts';
import { choiceOption, integerOption, pathOption } from './optionValues.ts';
import { claimOutputs, FORCE_HELP } from './outputFiles.ts';
import { paragraphs } from './paragraphs.ts';

type Excerpt = readonly [Seconds, Seconds];

interface PointOptions {
  readonly seconds?: Excerpt;
  readonly rank: number;
  readonly seed: number;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: true;
}

interface HybridCommandOptions extends PointOptions {
  readonly layout: HybridLayout;
}

interface Sound {
  readonly name: string;
  readonly samples: Float32Array;
  readonly sampleRateHertz: Hertz;
  readonly excerptSeconds: Excerpt;
}

/** Default excerpt of a recording; the number of points grows with its duration. */
const DEFAULT_EXCERPT: Excerpt = [0, 8];
const LARGEST_SEED = 2 ** 32 - 1;

/** `experiment hybrid`: Figure 3. */
export function hybridCommand(context: CommandContext): Command {
  return new Command('hybrid')
    .summary("the paper's Figure 3: one factorization of points from three representations")
    .description(
      paragraphs(`Represents a sound as STFT, as sinusoidal peaks and as constant-Q, each in its own third of the time axis, and finds its
notes with one factorization whose factors are functions of frequency and of time. Without RECORDING, analyses two generated notes.`),
    )
    .argument('[recording]', 'audio file with as many notes as --rank')
    .option('--seconds <from:to>', 'excerpt (default: the first 8 s)', excerptOption)
    .option(
      '--layout <repeat|split>',
      'repeat: the whole sound in each third; split: a third of it',
      choiceOption('--layout', ['repeat', 'split']),
      'repeat',
    )
    .option('--rank <count>', 'templates, 1 to 6', integerOption('--rank', 1, 6), 2)
    .option('--seed <number>', 'seed of the random starts', integerOption('--seed', 0, LARGEST_SEED), 1)
    .option('--out <folder>', 'folder to write', pathOption('--out'), 'experiment-hybrid')
    .option('--force', FORCE_HELP)
    .option('--json', 'print results.json instead of README.md')
    .action((recording: string | undefined, options: HybridCommandOptions) => runHybrid(context, recording, options));
}

/** `experiment transfer`: Figure 4. */
export function transferCommand(context: CommandContext): Command {
  return new Command('transfer')
    .summary("the paper's Figure 4: templates learnt in one representation, applied to others")
    .description(
      paragraphs(`Learns templates of speech from two STFTs, constant-Q, wavelets and a reassigned spectrogram, and applies those of each to all
others. Takes one to two minutes. Without RECORDING, analyses the bundled synthetic voice.`),
    )
    .argument('[recording]', 'speech of one speaker, 12 kHz or more')
    .option('--seconds <from:to>', 'excerpt (default: the first 8 s)', excerptOption)
    .option('--rank <count>', 'templates, 1 to 64', integerOption('--rank', 1, 64), 20)
    .option('--seed <number>', 'seed of the random starts', integerOption('--seed', 0, LARGEST_SEED), 1)
    .option('--out <folder>', 'folder to write', pathOption('--out'), 'experiment-transfer')
    .option('--force', FORCE_HELP)
    .option('--json', 'print results.json instead of README.md')
    .action((recording: string | undefined, options: PointOptions) => runTransfer(context, recording, options));
}

async function runHybrid(
  { terminal }: CommandContext,
  recording: string | undefined,
  options: HybridCommandOptions,
): Promise<void> {
  const experiments = await import('../lab/experiments/index.ts');
  const paths = experiments.experimentPaths(options.out, experiments.HYBRID_FIGURES);
  await claimOutputs(terminal, paths, rulesOf(recording, options));
  const sound =
    recording === undefined
      ? generated(experiments.generatedNotes(options.seed), experiments.GENERATED_NOTES_RATE_HERTZ, options)
      : await readExcerpt(recording, options);
  const progress = terminal.progress('hybrid');
  try {
    const { rank, seed, layout } = options;
    const onProgress = (fraction: number, detail: string) => progress.update(fraction, detail);
    const experiment = { ...sound, layout, rank, seed, onProgress };
    const found = await experiments.hybrid(experiment);
    const command = commandLine('hybrid', recording, options, ['--layout', layout]);
    const { excerptSeconds } = sound;
    const files = experiments.hybridReport({ options: experiment, command, excerptSeconds }, found);
    await experiments.writeExperiment(options.out, files, options.force === true ? 'replace' : 'create');
    progress.stop();
    terminal.result(options.json === true ? jsonText(files.results) : files.markdown.trimEnd());
  } finally {
    progress.stop();
  }
}

async function runTransfer(
  { terminal, signal }: CommandContext,
  recording: string | undefined,
  options: PointOptions,
): Promise<void> {
  const experiments = await import('../lab/experiments/index.ts');
  const paths = experiments.experimentPaths(options.out, experiments.TRANSFER_FIGURES);
  await claimOutputs(terminal, paths, rulesOf(recording, options));
  const sound = await readExcerpt(recording ?? demoVoicePath('synthetic-male'), options);
  const progress = terminal.progress('transfer');
  try {
    const { rank, seed } = options;
    const onProgress = (fraction: number, detail: string) => {
      signal.throwIfAborted();
      progress.update(fraction, detail);
    };
    const experiment = { ...sound, rank, seed, onProgress };
    const found = await experiments.transfer(experiment);
    const command = commandLine('transfer', recording, options, []);
    const { excerptSeconds } = sound;
    const files = experiments.transferReport({ options: experiment, command, excerptSeconds }, found);
    await experiments.writeExperiment(options.out, files, options.force === true ? 'replace' : 'create');
    progress.stop();
    terminal.result(options.json === true ? jsonText(files.results) : files.markdown.trimEnd());
  } finally {
    progress.stop();
  }
}

function rulesOf(recording: string | undefined, { force = false }: PointOptions): OutputRules {
  const inputs = recording === undefined ? [] : [recording];
  return { inputs, isReplacing: force, alternative: 'choose another folder with --out' };
}

async function readExcerpt(path: string, options: PointOptions): Promise<Sound> {
  const { samples, sampleRateHertz } = await readRecording(path);
  return excerpt(basename(path), samples, sampleRateHertz, options.seconds ?? DEFAULT_EXCERPT);
}

function generated(samples: Float32Array, sampleRateHertz: Hertz, { seconds }: PointOptions): Sound {
  return excerpt('two generated notes', samples, sampleRateHertz, seconds ?? DEFAULT_EXCERPT);
}

function excerpt(name: string, samples: Float32Array, sampleRateHertz: Hertz, [from, to]: Excerpt): Sound {
  const first = Math.round(from * sampleRateHertz);
  const last = Math.min(samples.length, Math.round(to * sampleRateHertz));
  if (first >= last) {
    throw new InputError(
      `--seconds must start before the end of ${name} at ${samples.length / sampleRateHertz} s, got ${from} s`,
    );
  }
  return { name, samples: samples.slice(first, last), sampleRateHertz, excerptSeconds: [from, last / sampleRateHertz] };
}

function excerptOption(text: string): Excerpt {
  const [from, to, ...others] = text.split(':').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (from === undefined || to === undefined || others.length > 0 || !(from >= 0 && to > from && to <= 3600)) {
    throw new InputError(`--seconds must be <from>:<to> with 0 <= from < to <= 3600, got "${text}"`);
  }
  return [from, to];
}

/** @returns the command line that recreates the folder */
function commandLine(name: string, recording: string | undefined, options: PointOptions, more: readonly string[]) {
  const { seconds, rank, seed, out } = options;
  const words = ['unmingle', 'experiment', name, ...(recording === undefined ? [] : [recording])];
  if (seconds !== undefined) words.push('--seconds', seconds.join(':'));
  words.push(...more, '--rank', `${rank}`, '--seed', `${seed}`, '--out', out, '--force');
  return words.map((word) => (/^[\w./:,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

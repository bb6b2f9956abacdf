import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import { TRAINING_TRANSFORMS, type TrainingTransform } from '../../engine/model/Preset.ts';
import { type LatencyMode, planStft, type StftPlan } from '../../engine/stft/StftPlan.ts';
import { jsonText } from '../files/jsonText.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import type { DatasetSplit, EvaluationOptions, SeparationMethod } from '../lab/evaluation/index.ts';
import { BullQueue } from '../queue/BullQueue.ts';
import { connectQueue } from '../queue/bullmq.ts';
import { FolderStorage } from '../queue/FolderStorage.ts';
import { ATTEMPTS_RANGE, PRIORITY_RANGE } from '../queue/JobQueue.ts';
import { isBucket } from '../queue/openStorage.ts';
import { type QueueOptions, queueOption, storageOption } from './batchOptions.ts';
import type { CommandContext } from './CommandContext.ts';
import { type ChannelOptions, channelOption } from './channelOption.ts';
import {
  addConversationOptions,
  type ConversationChoice,
  type EvaluationOutcome,
  evaluateOnConversations,
  refuseUnreadOptions,
} from './conversationEvaluation.ts';
import { datasetInputs, pairsOption, splitOption } from './datasetOptions.ts';
import { EvaluationQueue } from './EvaluationQueue.ts';
import { choiceOption, collect, commaSeparated, integerOption, numberOption, pathOption } from './optionValues.ts';
import { claimOutputs, FORCE_HELP } from './outputFiles.ts';
import { paragraphs } from './paragraphs.ts';
import { latencyOption, windowOption } from './streamOptions.ts';
import { refuseOptions } from './unreadOptions.ts';

interface EvaluateOptions extends ConversationChoice, ChannelOptions, QueueOptions {
  readonly pairs: number | 'all';
  readonly seed: number;
  readonly methods?: readonly string[];
  readonly latency: LatencyMode | Seconds;
  readonly window?: number;
  readonly windowSamples?: Samples;
  readonly snr: number;
  readonly split: DatasetSplit;
  readonly templates: number;
  readonly transform?: TrainingTransform;
  readonly epochs?: number;
  readonly paperCoordinate?: true;
  readonly speakersFile?: string;
  readonly skipUnusable?: boolean;
  readonly fresh?: boolean;
  readonly json?: string | true;
  readonly plot?: string;
  readonly force?: boolean;
}

/** The smallest machines have two cores; more threads would compete for memory bandwidth. */
const THREADS = 2;

export function evaluateCommand(context: CommandContext): Command {
  const command = new Command('evaluate')
    .summary('compare separation methods on a folder of speakers')
    .description(
      paragraphs(`Trains every method on the first recordings of each speaker, mixes the last recordings of two speakers, and measures how
well each method separates them: SDR, SIR, SAR (BSS_EVAL 3), SI-SDR, STOI and ESTOI.

DATASET has one folder for each speaker, with recordings that are all at one sample rate. If DATASET/speakers.json states
{"<speaker>": {"sex": "female" or "male"}, ...}, results are also reported for each group of pairs.

With --conversation, the speakers take turns in simulated conversations of 60 s instead. Scores are then: the leak of the
talker into the other tracks, SI-SDR where one talks and where several talk, attenuated onsets, passages in the wrong
track, sound in pauses, and STOI.

Methods: innmf (the live engine, presets trained once), nmf (a matrix trained at each window), interpolated (a matrix
trained at 125 ms, linearly interpolated), oracle (ideal Wiener mask), mixture (unprocessed); and only if named, adapted
(as innmf, with the presets of each pair jointly adapted; about ten seconds per pair) and paper (the paper's networks,
optimiser, offline solver and mask as published; trains 5 to 10 minutes per speaker, cached for later runs).
An interrupted run resumes when started again: results stay in UNMINGLE_CACHE, or in your cache folder, until recordings,
settings or the program change.`),
    )
    .argument('<dataset>', 'folder of folders of recordings')
    .option('--pairs <all|N>', 'pairs of speakers: all, or N random ones', pairsOption, 'all')
    .option('--seed <number>', 'seed of drawing pairs and of training', integerOption('--seed', 0, 2 ** 32 - 1), 1)
    .option(
      '--methods <a,b,...>',
      'methods to compare, differences relative to the first (default: all but adapted and paper)',
      collect,
    )
    .addOption(channelOption())
    .addOption(latencyOption())
    .addOption(windowOption())
    .option('--window-samples <N>', 'analysis window in samples', integerOption('--window-samples', 16, 16_384))
    .option('--snr <dB>', 'level of the first speaker relative to the second', numberOption('--snr', -60, 60), 0)
    .addOption(splitOption())
    .option('--templates <count>', 'templates for each speaker, 1 to 128', integerOption('--templates', 1, 128), 64)
    .option(
      '--transform <name>',
      `representation that presets are trained from: ${TRAINING_TRANSFORMS.join(', ')}`,
      choiceOption('--transform', TRAINING_TRANSFORMS),
    )
    .option('--epochs <count>', 'training epochs of paper (default: 1000)', integerOption('--epochs', 1, 100_000))
    .option('--paper-coordinate', 'input of the networks of paper: n / (N/2 + 1) as published, instead of hertz')
    .option('--speakers-file <file>', 'read it instead of DATASET/speakers.json', pathOption('--speakers-file'))
    .option('--skip-unusable', 'skip unusable recordings and speakers, instead of stopping with an error')
    .addOption(queueOption())
    .addOption(storageOption('none; with --queue: a folder that holds DATASET'))
    .option('--fresh', 'compute everything again, ignoring results of earlier runs')
    .option(
      '--json [file]',
      'write the report as JSON to a file, or to stdout without a file name',
      pathOption('--json'),
    )
    .option('--plot <file.svg>', 'draw the distributions of scores', pathOption('--plot'))
    .option('--force', FORCE_HELP)
    .addHelpText(
      'after',
      `
Examples:
  unmingle evaluate recordings
  unmingle evaluate recordings --pairs 10 --methods innmf,nmf --json report.json
  unmingle evaluate recordings --conversation --methods innmf,adapted --pairs 12
  unmingle evaluate recordings --window-samples 2000 --latency 125 --plot a.svg`,
    )
    .action((folder: string, options: EvaluateOptions) => {
      refuseUnreadOptions(command, options);
      requireQueueOptions(command, options);
      if (typeof options.json !== 'string' && options.plot === undefined)
        refuseOptions(command, ['--force'], 'without --json <file> or --plot <file.svg>');
      return evaluateFolder(context, command, folder, options);
    });
  return addConversationOptions(command);
}

async function evaluateFolder(
  context: CommandContext,
  command: Command,
  folder: string,
  options: EvaluateOptions,
): Promise<void> {
  const { terminal, signal } = context;
  const { split, seed, templates, force = false } = options;
  // Loaded here, because it loads tfjs, which other commands do not need.
  const evaluation = await import('../lab/evaluation/index.ts');
  const names = await commaSeparated('--methods', options.methods ?? []);
  if (names.includes('scene')) terminal.notice('the method scene is now called adapted; the old name will be removed');
  const methods = names.length === 0 ? evaluation.QUICK_METHODS : names.map(evaluation.separationMethod);
  if (new Set(names).size < names.length)
    throw new InputError(`--methods must name each method once, got ${names.join(',')}`);
  refuseOptionsOfOtherMethods(command, methods);
  if (options.queue !== undefined && methods.some(({ name }) => name === 'paper'))
    throw new InputError('--queue does not run the method paper, which keeps its networks on one machine');
  if (options.window !== undefined && options.windowSamples !== undefined) {
    throw new InputError('--window and --window-samples set the same value; give one of them');
  }
  await claimOutputs(
    terminal,
    [options.json, options.plot].filter((path) => typeof path === 'string'),
    {
      inputs: await datasetInputs(folder, options.speakersFile),
      isReplacing: force,
      alternative: 'choose another file with --json or --plot',
    },
  );

  const progress = terminal.progress('evaluating');
  let outcome: EvaluationOutcome;
  try {
    const dataset = await evaluation.readDataset(folder, {
      split,
      isSkipping: options.skipUnusable ?? false,
      channel: options.channel,
      ...(options.speakersFile === undefined ? {} : { speakersFile: options.speakersFile }),
      signal,
      onProgress: () => progress.update(0, 'reading recordings'),
    });
    for (const notice of dataset.remarks) terminal.notice(notice);
    const settings = {
      plan: planOf(dataset.sampleRateHertz, options),
      templates,
      seed,
      ...(options.transform === undefined ? {} : { transform: options.transform }),
      // Omitted if it is the default, so that results of earlier runs are found.
      ...(options.channel === 'best' ? {} : { channel: options.channel }),
      paper: {
        epochs: options.epochs ?? evaluation.PAPER_SETTINGS.epochs,
        coordinate: options.paperCoordinate === true ? ('published' as const) : ('hertz' as const),
      },
    };
    const onProgress = (fraction: number, detail: string) => progress.update(fraction, detail);
    const shared = { dataset, methods, settings, threads: THREADS, signal, onProgress };
    outcome =
      options.conversation === true
        ? await evaluateOnConversations({ ...shared, split, groups: options.pairs }, options)
        : await evaluateOnPairs(context, { ...shared, split }, options);
  } finally {
    progress.stop();
  }
  const { report, text, plot } = outcome;
  const mode = force ? 'replace' : 'create';
  if (typeof options.json === 'string') await writeTextFile(options.json, `${jsonText(report)}\n`, mode);
  if (options.plot !== undefined) await writeTextFile(options.plot, plot(), mode);
  terminal.result(options.json === true ? jsonText(report) : text());
}

/** @throws InputError for an option that only methods read which are not compared */
function refuseOptionsOfOtherMethods(command: Command, methods: readonly SeparationMethod[]): void {
  const names = methods.map(({ name }) => name);
  if (!names.includes('paper')) {
    refuseOptions(command, ['--epochs', '--paper-coordinate'], 'without the method paper');
  }
  if (!names.includes('innmf') && !names.includes('adapted')) {
    refuseOptions(command, ['--transform'], 'without the method innmf or adapted');
  }
}

/** Evaluates on mixtures of pairs, in which both speakers talk all the time. */
async function evaluateOnPairs(
  context: CommandContext,
  {
    split,
    ...shared
  }: Omit<EvaluationOptions, 'pairs' | 'snrDecibels' | 'logPath' | 'isFresh'> & {
    readonly split: DatasetSplit;
  },
  options: EvaluateOptions,
): Promise<EvaluationOutcome> {
  const { terminal } = context;
  const { pairs, snr: snrDecibels, fresh = false } = options;
  const evaluation = await import('../lab/evaluation/index.ts');
  const { dataset, settings } = shared;
  const workers = await openWorkers(context, dataset.sampleRateHertz, options);
  const { results, resumedResults } = await evaluation
    .evaluate({
      ...shared,
      ...(workers === null ? {} : { pool: workers.pool }),
      pairs: evaluation.speakerPairs(dataset.speakers, pairs, settings.seed),
      snrDecibels,
      logPath: await evaluation.resultLogPath({ dataset, settings, snrDecibels }),
      isFresh: fresh,
    })
    .finally(() => workers?.queue.close());
  if (resumedResults > 0) {
    terminal.notice(
      `${resumedResults} of ${results.length} results are from an earlier run; --fresh computes them again`,
    );
  }
  const report = evaluation.evaluationReport(dataset, split, settings, snrDecibels, results);
  return {
    report,
    text: () => evaluation.evaluationText(report),
    plot: () => evaluation.evaluationPlot(report),
  };
}

/** @returns what runs the jobs of an evaluation on the workers of --queue; null without it */
async function openWorkers(
  { terminal, signal }: CommandContext,
  sampleRateHertz: Hertz,
  options: EvaluateOptions,
): Promise<{ readonly pool: EvaluationQueue; readonly queue: BullQueue } | null> {
  const { queue: address, storage: folder, latency, templates, seed, transform = null, channel } = options;
  if (address === undefined || folder === undefined) return null;
  const storage = await FolderStorage.open(folder);
  const policy = { attempts: ATTEMPTS_RANGE.default, priority: PRIORITY_RANGE.default };
  const queue = new BullQueue(await connectQueue(address, (text) => terminal.notice(text)), storage, policy);
  const windowSeconds = windowSecondsOf(sampleRateHertz, options) ?? null;
  const settings = { sampleRateHertz, latency, windowSeconds, templates, seed, transform, channel };
  return { pool: new EvaluationQueue({ storage, queue, settings, signal }), queue };
}

/** @throws InputError for options that contradict each other */
function requireQueueOptions(command: Command, { queue, storage, conversation }: EvaluateOptions): void {
  if (conversation === true) refuseOptions(command, ['--queue', '--storage'], 'with --conversation');
  if (queue === undefined) refuseOptions(command, ['--storage'], 'without --queue <url>');
  else if (storage === undefined || isBucket(storage))
    throw new InputError('evaluate --queue needs --storage <dir>, a shared folder that holds DATASET');
}

/** @returns undefined: the default of the latency */
function windowSecondsOf(sampleRateHertz: Hertz, { window, windowSamples }: EvaluateOptions): Seconds | undefined {
  return window === undefined ? windowSamples && windowSamples / sampleRateHertz : window / 1000;
}

function planOf(sampleRateHertz: Hertz, options: EvaluateOptions): StftPlan {
  const { latency, windowSamples } = options;
  const windowSeconds = windowSecondsOf(sampleRateHertz, options);
  const plan = planStft({ sampleRateHertz, latency, ...(windowSeconds === undefined ? {} : { windowSeconds }) });
  if (windowSamples !== undefined && plan.windowSamples !== windowSamples) {
    throw new InputError(
      `--window-samples must be even with prime factors 2, 3 and 5 only, got ${windowSamples}; the nearest is ${plan.windowSamples}`,
    );
  }
  return plan;
}

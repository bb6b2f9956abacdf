import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { parsePreset, requirePresetName, type TrainingTransform } from '../../engine/model/Preset.ts';
import { TRAINING_RANGES } from '../../engine/model/trainingRanges.ts';
import { jsonText } from '../files/jsonText.ts';
import { requireWritable, writeTextFile } from '../files/writeTextFile.ts';
import { EVIDENCE_EXTENSION, evidencePath, writeEvidence } from '../library/evidenceFiles.ts';
import { PRESET_EXTENSION } from '../library/PresetLibrary.ts';
import { readTrainingRecordings } from '../offline/trainingRecordings.ts';
import { trainInThread } from '../workers/TrainerThread.ts';
import type { MessageFromTrainer } from '../workers/trainerMessages.ts';
import type { CommandContext } from './CommandContext.ts';
import { collect, commaSeparated, integerOption, numberOption } from './optionValues.ts';
import type { Progress } from './Terminal.ts';
import { noticeTrainingTransform, trainingTransformHelp, trainingTransformOption } from './trainingTransform.ts';

interface TrainOptions {
  readonly name: string;
  readonly out?: string;
  readonly templates: number;
  readonly seconds: number;
  readonly updates: number;
  readonly transform: TrainingTransform;
  readonly seed: number;
  readonly notes: string;
  readonly licence: string;
  readonly holdout?: readonly string[];
  readonly evidence: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** @param isExperiment `experiment train`: shows --transform */
export function trainCommand(context: CommandContext, isExperiment = false): Command {
  const { templates, seconds, updates, seed } = TRAINING_RANGES;
  return new Command('train')
    .summary('learn a speaker from recordings')
    .description(
      `Learns one speaker from recordings in which nobody else speaks, and writes a preset of a few kilobytes.

20 to 60 s of speech are good, 3 s the least; pauses are cut. Recordings of several rates are brought to the lowest.
The same recordings, options and seed give the same preset. Beside it, <name>${EVIDENCE_EXTENSION} keeps some 2200 single spectra
of the speech, coarse, without phases and in random order: from them the voice is adapted to those it is loaded with
(unmingle adapt), but nobody can hear again what was said.`,
    )
    .argument('<voice...>', 'recordings (WAV, FLAC, OGG, Opus, MP3) of one speaker, or folders of them')
    .requiredOption('-n, --name <name>', 'name of the speaker, for --speakers')
    .option('-o, --out <file>', `preset file (default: <name>${PRESET_EXTENSION} in your library)`)
    .option(
      '--templates <count>',
      `spectral shapes to learn, ${templates.minimum} to ${templates.maximum}`,
      integerOption('--templates', templates.minimum, templates.maximum),
      templates.default,
    )
    .option(
      '--seconds <seconds>',
      `speech used at most, ${seconds.minimum} to ${seconds.maximum}`,
      numberOption('--seconds', seconds.minimum, seconds.maximum),
      seconds.default,
    )
    .option(
      '--updates <count>',
      `multiplicative updates, ${updates.minimum} to ${updates.maximum}: few separate best, 300 describe unseen speech best`,
      integerOption('--updates', updates.minimum, updates.maximum),
      updates.default,
    )
    .addOption(trainingTransformOption(isExperiment))
    .option(
      '--seed <number>',
      'start of the random numbers',
      integerOption('--seed', seed.minimum, seed.maximum),
      seed.default,
    )
    .option('--notes <text>', 'kept in the preset: anything', '')
    .option('--licence <text>', 'kept in the preset: terms and attribution of the recordings', '')
    .option(
      '--holdout <A,B,...>',
      'recordings not trained on: reports how well unseen speech is described (slow)',
      collect,
    )
    .option(
      '--no-evidence',
      'keep no spectra beside the preset: then the speaker cannot be adapted to those it is loaded with',
    )
    .option('--force', 'replace an existing preset')
    .option('--json', 'print a report as JSON, and nothing else, to stdout')
    .addHelpText(
      'after',
      `
Examples:
  unmingle train recordings/ann --name ann
  unmingle train one.wav two.flac --name bob --out bob${PRESET_EXTENSION} --templates 32 --seed 7
  unmingle train recordings/ann --name ann --holdout unseen1.wav,unseen2.wav --json --force`,
    )
    .addHelpText('after', trainingTransformHelp(isExperiment))
    .action((voices: string[], options: TrainOptions) => {
      noticeTrainingTransform(options.transform, isExperiment, context.terminal);
      return train(context, voices, options);
    });
}

async function train(context: CommandContext, voices: readonly string[], options: TrainOptions): Promise<void> {
  const { terminal, library, signal } = context;
  const { name, notes, licence, templates, seconds, updates, seed, transform } = options;
  const startMilliseconds = performance.now();
  requirePresetName(name);
  const path = options.out ?? library.ownPath(name);
  await requireWritable(path, options.force ?? false);
  // Such a file is taken for a preset wherever one is named, and no recording can be hit.
  if (!path.endsWith('.json')) throw new InputError(`--out must end in .json, got "${path}"`);
  const training = await readTrainingRecordings(voices, seconds);
  const rateHertz = training.recordings[0]!.sampleRateHertz;
  const holdoutPaths = await commaSeparated('--holdout', options.holdout ?? []);
  const holdout = holdoutPaths.length === 0 ? null : await readTrainingRecordings(holdoutPaths, 600, rateHertz);
  for (const notice of [...training.remarks, ...(holdout?.remarks ?? [])]) terminal.notice(notice);
  signal.throwIfAborted();

  let backend: string | null = null;
  const progress = terminal.progress('training');
  try {
    const { presetText, evidenceText, klRatios } = await trainInThread(
      {
        recordings: training.recordings,
        holdout: holdout?.recordings ?? [],
        created: new Date().toISOString().slice(0, 10),
        hasEvidence: options.evidence,
        ...{ name, notes, licence, templates, seconds, updates, seed, transform },
      },
      {
        signal,
        onMessage: (message) => {
          if (message.type === 'backend') {
            backend = message.name;
            for (const note of message.notes) terminal.notice(note);
            terminal.notice(`training with the tfjs backend ${message.name}`);
          } else showProgress(progress, message);
        },
      },
    );
    signal.throwIfAborted();
    // Read back first: what would be refused later is not written.
    const facts = parsePreset(presetText).training;
    await writeTextFile(path, presetText);
    await writeEvidence(path, evidenceText);
    progress.stop();
    const report = {
      name,
      path,
      bytes: Buffer.byteLength(presetText),
      evidencePath: evidenceText === null ? null : evidencePath(path),
      templates,
      updates,
      transform,
      seed,
      backend,
      recordings: training.recordings.length,
      ...{ speechSeconds: facts.speechSeconds, sampleRateHertz: facts.sampleRateHertz, fitRatio: facts.fitRatio },
      klRatios,
      wallSeconds: (performance.now() - startMilliseconds) / 1000,
    };
    terminal.result(options.json === true ? jsonText(report) : trainText(report));
  } finally {
    progress.stop();
  }
}

function showProgress(progress: Progress, message: MessageFromTrainer): void {
  if (message.type === 'judging') progress.update(1, 'judging on unseen speech');
  if (message.type !== 'progress') return;
  const { fraction, loss, stage } = message.progress;
  progress.update(
    fraction,
    stage === 'templates' || loss === null
      ? 'learning templates'
      : `fitting the network, loss ${loss.toExponential(2)}`,
  );
}

function trainText(report: {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly templates: number;
  readonly recordings: number;
  readonly speechSeconds: number;
  readonly fitRatio: number;
  readonly klRatios:
    | readonly { readonly windowSamples: number; readonly network: number; readonly interpolated: number }[]
    | null;
  readonly wallSeconds: number;
}): string {
  const lines = [
    `learnt "${report.name}": ${report.templates} templates from ${report.speechSeconds.toFixed(1)} s of speech in ${report.recordings} recordings, ${report.wallSeconds.toFixed(1)} s`,
    `  ${report.path} (${(report.bytes / 1000).toFixed(1)} kB)`,
    `  KL divergence ${report.fitRatio.toFixed(3)} times that of the matrices it stands for`,
  ];
  for (const { windowSamples, network, interpolated } of report.klRatios ?? []) {
    lines.push(
      `  unseen speech, window ${String(windowSamples).padStart(5)}: ${network.toFixed(3)} times a matrix made for it (interpolated matrix ${interpolated.toFixed(3)})`,
    );
  }
  return lines.join('\n');
}

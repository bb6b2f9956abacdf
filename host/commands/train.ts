import { parse, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { parsePreset } from '../../engine/model/Preset.ts';
import { type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { TRAINING_RANGES } from '../../engine/model/trainingRanges.ts';
import { expandAudioFiles } from '../audio/audioFiles.ts';
import { COMMON_FORMATS_TEXT } from '../audio/audioFormats.ts';
import { jsonText } from '../files/jsonText.ts';
import { replacementNotice, requireOutputs } from '../files/outputs.ts';
import { EVIDENCE_EXTENSION, evidencePath } from '../library/evidenceFiles.ts';
import { PRESET_EXTENSION } from '../library/PresetLibrary.ts';
import { writePreset } from '../library/writePreset.ts';
import { EnrolmentCheck } from '../offline/EnrolmentCheck.ts';
import { readTrainingRecordings } from '../offline/trainingRecordings.ts';
import { trainInThread } from '../workers/TrainerThread.ts';
import type { MessageFromTrainer } from '../workers/trainerMessages.ts';
import { addBatchOptions, type BatchOptions, requireBatchOptions } from './batchOptions.ts';
import type { CommandContext } from './CommandContext.ts';
import { channelOption } from './channelOption.ts';
import { collect, commaSeparated, integerOption, numberOption, pathOption } from './optionValues.ts';
import type { Progress } from './Terminal.ts';
import { trainBatch } from './trainBatch.ts';
import { noticeTrainingTransform, trainingTransformHelp, trainingTransformOption } from './trainingTransform.ts';
import { type TrainOptions, today } from './trainOptions.ts';
import { refuseOptions } from './unreadOptions.ts';

/** @param isExperiment `experiment train`: shows --transform */
export function trainCommand(context: CommandContext, isExperiment = false): Command {
  const { templates, seconds, updates, seed } = TRAINING_RANGES;
  const command = new Command('train')
    .summary('learn a speaker from recordings')
    .description(
      `Learns one speaker from recordings in which nobody else speaks, and writes a preset of a few kilobytes.

Use 20 to 60 s of speech; 3 s is the minimum. Of longer recordings the loudest speech is used, spread over all of them. Pauses are cut, and recordings with different sample rates are resampled to the lowest. The same recordings, options and seed give the same preset.

The recordings are checked first: other voices, music, noise, echo, clipped or quiet sound are reported with file and time, and with --clean left out as far as possible.

Beside the preset, <name>${EVIDENCE_EXTENSION} keeps about 2200 spectra of the speech: coarse, without phase and in random order, so that nobody can reconstruct what was said. unmingle adapt learns from them.`,
    )
    .argument('[voice...]', `recordings of one speaker (${COMMON_FORMATS_TEXT}, ...), or folders of them`)
    .option(
      '-n, --name <name>',
      'name of the speaker, as --speakers of other commands will use it (default: that of the only recording or folder)',
    )
    .option('-o, --out <file>', `preset file (default: <name>${PRESET_EXTENSION} in your library)`, pathOption('--out'))
    .option(
      '--templates <count>',
      `spectral templates to learn, ${templates.minimum} to ${templates.maximum}`,
      integerOption('--templates', templates.minimum, templates.maximum),
      templates.default,
    )
    .option(
      '--seconds <seconds>',
      `use at most this much speech, ${seconds.minimum} to ${seconds.maximum}`,
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
      'seed of the random numbers',
      integerOption('--seed', seed.minimum, seed.maximum),
      seed.default,
    )
    .addOption(new Option('--notes <text>', 'free text, stored in the preset').default('', 'none'))
    .addOption(
      new Option('--licence <text>', 'terms and attribution of the recordings, stored in the preset').default(
        '',
        'none',
      ),
    )
    .option(
      '--holdout <A,B,...>',
      'recordings not used for training: report how well the preset describes unseen speech (slow)',
      collect,
    )
    .addOption(channelOption())
    .option('--clean', 'leave out what the check of the recordings finds: other voices, music and noise')
    .option('--no-evidence', 'write no evidence: the speaker can then not be adapted to others')
    .option('--force', 'replace an existing preset, or hide a bundled one of this name')
    .option('--json', 'print a JSON report, and nothing else, to stdout')
    .addHelpText(
      'after',
      `
Examples:
  unmingle train recordings/ann --name ann
  unmingle train one.wav two.flac --name bob --out bob${PRESET_EXTENSION}
  unmingle train recordings/ann --name ann --force --holdout unseen.wav --json${isExperiment ? '' : BATCH_EXAMPLES}`,
    )
    .addHelpText('after', trainingTransformHelp(isExperiment))
    .action((voices: string[], options: Omit<TrainOptions, 'name'> & BatchOptions & { readonly name?: string }) => {
      const { name, batch } = options;
      const queue = isExperiment ? null : requireBatchOptions(command, options);
      if (batch !== undefined) {
        refuseOptions(command, NOT_WITH_BATCH, 'with --batch');
        if (voices.length > 0) throw new InputError(`--batch has the recordings in its list, got ${voices.join(' ')}`);
        return trainBatch(context, batch, options, queue);
      }
      if (voices.length === 0) throw new InputError("missing required argument 'voice'");
      noticeTrainingTransform(options.transform, isExperiment, context.terminal);
      return train(context, voices, { ...options, name: name ?? nameAfter(voices) });
    });
  return isExperiment ? command : addBatchOptions(command, BATCH_HELP);
}

/** @returns name of the only recording or folder, without its extension. @throws InputError if there are several */
function nameAfter(voices: readonly string[]): string {
  const [voice] = voices;
  if (voice === undefined || voices.length > 1) {
    throw new InputError(`--name is required with several recordings, got ${voices.length}`);
  }
  return parse(resolve(voice)).name;
}

/** Options of one speaker, and of measurements. */
const NOT_WITH_BATCH = ['--name', '--holdout', '--transform'];
const BATCH_HELP =
  'instead of recordings and --name: train the speakers of this list, one a line: a name, a tab, recordings; --out is then a folder';
const BATCH_EXAMPLES = `
  unmingle train --batch speakers.tsv --out presets
  unmingle train --batch list.tsv --queue redis://HOST --storage /mnt/voices`;

/** Learns one speaker and writes its preset. @param voices recordings, or folders of them */
export async function train(context: CommandContext, voices: readonly string[], options: TrainOptions): Promise<void> {
  const { terminal, library, signal } = context;
  const { notes, licence, templates, seconds, updates, seed, transform, channel } = options;
  const startMilliseconds = performance.now();
  const isReplacing = options.force ?? false;
  const name = presetName(options.name);
  const path = options.out ?? library.ownPath(name);
  const holdoutPaths = await commaSeparated('--holdout', options.holdout ?? []);
  // Files that cannot be read are reported when they are read.
  const inputs = await expandAudioFiles([...voices, ...holdoutPaths]).catch(() => []);
  await claimPreset(context, name, options, inputs);
  const training = await readTrainingRecordings(voices, seconds, { channel, signal });
  const holdout =
    holdoutPaths.length === 0
      ? null
      : await readTrainingRecordings(holdoutPaths, 600, { rateHertz: training.sampleRateHertz, channel, signal });
  for (const notice of [...training.remarks, ...(holdout?.remarks ?? [])]) terminal.notice(notice);
  const check = new EnrolmentCheck();
  await check.add(training.recordings, signal);
  for (const remark of check.remarks) terminal.notice(remark);
  const recordings = options.clean === true ? check.cleaned() : training.recordings;

  let backend: string | null = null;
  const progress = terminal.progress('training');
  try {
    const { presetText, evidenceText, klRatios } = await trainInThread(
      {
        recordings,
        holdout: holdout?.recordings ?? [],
        created: options.created ?? today(),
        embedding: check.embedding,
        hasEvidence: options.evidence,
        isLowPriority: false,
        name,
        notes,
        licence,
        templates,
        seconds,
        updates,
        seed,
        transform,
      },
      {
        signal,
        onMessage: (message) => {
          if (message.type === 'backend') {
            backend = message.name;
            if (options.isBackendKnown !== true) terminal.notice(`training with the tfjs backend ${message.name}`);
          } else showProgress(progress, message);
        },
      },
    );
    signal.throwIfAborted();
    // Parsed before it is written: an invalid preset must not reach the library.
    const facts = parsePreset(presetText).training;
    if (options.out === undefined) {
      await library.add(presetText, { evidence: evidenceText, isReplacing, isEvidenceRefused: true });
    } else {
      await writePreset(path, { preset: presetText, evidence: evidenceText }, isReplacing ? path : null);
    }
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
      recordings: training.files,
      problems: check.problems,
      speechSeconds: facts.speechSeconds,
      sampleRateHertz: facts.sampleRateHertz,
      fitRatio: facts.fitRatio,
      klRatios,
      wallSeconds: (performance.now() - startMilliseconds) / 1000,
    };
    terminal.result(options.json === true ? jsonText(report) : trainText(report));
  } finally {
    progress.stop();
  }
}

/** Checks before training that the preset and its evidence can be written, and reports what they replace or hide. */
async function claimPreset(
  { library, terminal }: CommandContext,
  name: PresetName,
  { out, force: isReplacing = false }: TrainOptions,
  inputs: readonly string[],
): Promise<void> {
  if (out === undefined) {
    for (const remark of await library.requireAddable(name, { isReplacing, inputs })) terminal.notice(remark);
    return;
  }
  const alternative = 'choose another file with --out';
  const replaced = await requireOutputs([out, evidencePath(out)], { inputs, isReplacing, alternative });
  // Other commands recognise preset files by this ending.
  if (!out.endsWith('.json')) throw new InputError(`--out must end in .json, got "${out}"`);
  const notice = replacementNotice(replaced);
  if (notice !== null) terminal.notice(notice);
}

function showProgress(progress: Progress, message: MessageFromTrainer): void {
  if (message.type === 'judging') progress.update(1, 'measuring on unseen speech');
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
    `  KL divergence ${report.fitRatio.toFixed(3)} times that of the template matrices it was fitted to`,
  ];
  for (const { windowSamples, network, interpolated } of report.klRatios ?? []) {
    lines.push(
      `  unseen speech, window ${String(windowSamples).padStart(5)}: ${network.toFixed(3)} times a matrix trained at it (interpolated matrix ${interpolated.toFixed(3)})`,
    );
  }
  return lines.join('\n');
}

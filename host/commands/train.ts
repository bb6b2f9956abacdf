import { parse, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { TRAINING_RANGES } from '../../engine/model/trainingRanges.ts';
import { COMMON_FORMATS_TEXT } from '../audio/audioFormats.ts';
import { EVIDENCE_EXTENSION } from '../library/evidenceFiles.ts';
import { PRESET_EXTENSION } from '../library/PresetLibrary.ts';
import { addBatchOptions, type BatchOptions, requireBatchOptions } from './batchOptions.ts';
import type { CommandContext } from './CommandContext.ts';
import { channelOption } from './channelOption.ts';
import { collect, integerOption, numberOption, pathOption } from './optionValues.ts';
import { noticeTrainingTransform, trainingTransformHelp, trainingTransformOption } from './trainingTransform.ts';
import type { TrainOptions } from './trainOptions.ts';
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
    .action(
      async (voices: string[], options: Omit<TrainOptions, 'name'> & BatchOptions & { readonly name?: string }) => {
        const { name, batch } = options;
        const queue = isExperiment ? null : requireBatchOptions(command, options);
        if (batch !== undefined) {
          refuseOptions(command, NOT_WITH_BATCH, 'with --batch');
          if (voices.length > 0)
            throw new InputError(`--batch has the recordings in its list, got ${voices.join(' ')}`);
          const { trainBatch } = await import('./trainBatch.ts');
          return trainBatch(context, batch, options, queue);
        }
        if (voices.length === 0) throw new InputError("missing required argument 'voice'");
        noticeTrainingTransform(options.transform, isExperiment, context.terminal);
        const named = { ...options, name: name ?? nameAfter(voices) };
        const { trainVoice } = await import('./trainVoice.ts');
        return trainVoice(context, voices, named);
      },
    );
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

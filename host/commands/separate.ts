import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { COMMON_FORMATS_TEXT, READ_FORMATS_TEXT } from '../audio/audioFormats.ts';
import { TRACK_FORMATS } from '../audio/trackFormats.ts';
import { addBatchOptions, type BatchOptions, requireBatchOptions } from './batchOptions.ts';
import type { CommandContext } from './CommandContext.ts';
import { channelOption } from './channelOption.ts';
import { choiceOption, collect, pathOption } from './optionValues.ts';
import { FORCE_HELP } from './outputFiles.ts';
import { wrapped } from './paragraphs.ts';
import { addAdaptationOption } from './renamedOptions.ts';
import type { SeparateOptions } from './separateInput.ts';
import { stdoutOption, stdoutRateOption } from './stdoutOption.ts';
import { latencyOption, requireWindow, windowOption } from './streamOptions.ts';
import { addTransformOption } from './transformOption.ts';
import { refuseOptions } from './unreadOptions.ts';
import { namesOption, voicesOption } from './voiceOptions.ts';

/** Options of one recording, and of measurements. */
const NOT_WITH_BATCH = ['--per-channel', '--stdout', '--stdout-rate', '--references', '--transform'];
const BATCH_HELP =
  'instead of a recording: separate those of this list, one a line: recording, and if needed a tab, speakers, a tab, name';

export function separateCommand(context: CommandContext): Command {
  const command = new Command('separate')
    .summary('split a recording into one file for each speaker')
    .description(
      `Splits a recording into one WAV file for each speaker, DIR/<speaker>.wav, with the engine that also runs live. Without --speakers, finds and learns the voices first, and also writes their presets and a label track, DIR/voices.txt.

The files have the length and sample rate of the mixture and are aligned with it; with --rest they sum to it. Of a recording with several channels, those that suit it best are used, with a notice.`,
    )
    .argument(
      '[mixture]',
      `recording of any length, rate and channel count (${COMMON_FORMATS_TEXT}, ...), or - for standard input`,
    )
    .option(
      '-s, --speakers <A,B,...>',
      `1 to ${MAXIMUM_SPEAKERS} preset names or preset files (default: the voices are found in the recording and learnt from where each speaks alone)`,
      collect,
    )
    .addOption(voicesOption())
    .addOption(namesOption())
    .option(
      '--per-channel <A,B,...>',
      'instead of --speakers, if each speaker has a microphone: the speaker of each channel, - for nobody; removes the bleed of the others',
      collect,
    )
    .option('-o, --out <dir>', 'folder for the files, created if missing', pathOption('--out'))
    .addOption(stdoutOption('; instead of --out'))
    .addOption(stdoutRateOption())
    .addOption(channelOption())
    .addOption(latencyOption())
    .addOption(windowOption())
    .option(
      '--rest',
      'also write a track of the rest: noise, and the voices of people who are not loaded, recognised by the bundled background voices',
    )
    .option('--offline', 'iterate each frame until it converges: slightly better, slower')
    .option(
      '--format <format>',
      'float32 or pcm16 (WAV), or flac (24 bits)',
      choiceOption('--format', TRACK_FORMATS),
      'float32',
    )
    .option(
      '--references <A,B,...>',
      'recordings of each speaker alone, in the order of --speakers: measure SDR, SIR, SAR, SI-SDR and STOI',
      collect,
    )
    .option('--force', FORCE_HELP)
    .option('--json', 'print a JSON report, and nothing else, to stdout')
    .addHelpText(
      'after',
      `
Examples:
  unmingle separate meeting.flac --out voices --voices 2
  unmingle separate meeting.flac --out voices --names ann,bob
  unmingle separate meeting.flac --speakers ann,bob --out voices
  unmingle separate call.wav -s ann.unmingle.json,bob -o voices --latency studio
  unmingle separate mix.wav -s ann -o voices --rest --format pcm16
  unmingle separate mix.wav -s ann,bob -o voices --references ann.wav,bob.wav
  unmingle separate interview.wav --per-channel ann,bob -o voices
  arecord -f cd meeting.wav | unmingle separate - -s ann,bob -o voices
  unmingle separate meeting.flac -s ann,bob --stdout ann | PROGRAM
  unmingle separate --batch meetings.txt -s ann,bob -o voices

${wrapped(`Reads ${READ_FORMATS_TEXT}.`)}`,
    )
    .action(async (mixture: string | undefined, options: SeparateOptions & BatchOptions) => {
      const queue = requireBatchOptions(command, options);
      const { batch } = options;
      if (batch !== undefined) {
        refuseOptions(command, NOT_WITH_BATCH, 'with --batch');
        if (mixture !== undefined) throw new InputError(`--batch has the recordings in its list, got ${mixture}`);
        requireWindow(options);
        const { separateBatch } = await import('./separateBatch.ts');
        return separateBatch(context, batch, options, queue);
      }
      if (mixture === undefined) throw new InputError("missing required argument 'mixture'");
      const { separateRecording } = await import('./separateRecording.ts');
      return separateRecording(context, mixture, options, command);
    });
  addTransformOption(command);
  addBatchOptions(command, BATCH_HELP);
  return addAdaptationOption(
    command,
    'do not adapt the voices to each other first: some seconds less, separates worse',
  );
}

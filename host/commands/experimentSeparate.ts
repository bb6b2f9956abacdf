import { Command } from 'commander';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { COMMON_FORMATS_TEXT } from '../audio/audioFormats.ts';
import { TRACK_FORMATS, type TrackFormat } from '../audio/trackFormats.ts';
import type { CommandContext } from './CommandContext.ts';
import { choiceOption, collect, pathOption } from './optionValues.ts';
import { FORCE_HELP } from './outputFiles.ts';
import { paragraphs } from './paragraphs.ts';

interface ExperimentSeparateOptions {
  readonly speakers: readonly string[];
  readonly out: string;
  readonly format: TrackFormat;
  readonly references?: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `experiment separate`: the presets on a constant-Q transform. */
export function experimentSeparateCommand(context: CommandContext): Command {
  return new Command('separate')
    .summary('separate a recording on a constant-Q transform instead of the STFT')
    .description(
      paragraphs(`Splits a recording into one WAV file for each speaker, as unmingle separate does, but on an invertible constant-Q transform.
Offline, several times slower, and measured to separate no better; speakers are not adapted to each other.`),
    )
    .argument('<mixture>', `recording of at most an hour (${COMMON_FORMATS_TEXT}, ...)`)
    .requiredOption('-s, --speakers <A,B,...>', `1 to ${MAXIMUM_SPEAKERS} preset names or preset files`, collect)
    .requiredOption('-o, --out <dir>', 'folder for the files; created if missing', pathOption('--out'))
    .option(
      '--format <format>',
      'float32 or pcm16 (WAV), or flac (24 bits)',
      choiceOption('--format', TRACK_FORMATS),
      'float32',
    )
    .option(
      '--references <A,B,...>',
      'recordings of each speaker alone, in the order of --speakers: measures SDR, SIR, SAR, SI-SDR, STOI',
      collect,
    )
    .option('--force', FORCE_HELP)
    .option('--json', 'print a JSON report, and nothing else, to stdout')
    .action(async (mixture: string, options: ExperimentSeparateOptions) => {
      const [{ loadSpeakers }, { readReferences }, { runConstantQ }] = await Promise.all([
        import('./separationVoices.ts'),
        import('./runSeparation.ts'),
        import('./constantQ.ts'),
      ]);
      const voices = await loadSpeakers(context, options.speakers);
      const references = await readReferences(options.references, voices.length);
      await runConstantQ(context, mixture, voices, options, references);
    });
}

import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { COMMON_FORMATS_TEXT, READ_FORMATS_TEXT } from '../audio/audioFormats.ts';
import { type ChosenChannels, chooseChannels } from '../audio/channelChoice.ts';
import { type InputFile, openInput } from '../audio/InputFile.ts';
import { PcmWriter, ReaderGoneError } from '../audio/PcmWriter.ts';
import { WAV_SAMPLE_FORMATS, type WavSampleFormat } from '../audio/WavWriter.ts';
import { jsonText } from '../files/jsonText.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import { outputPaths, type PipedVoice, separationRemarks, separationRules } from '../offline/FileSeparation.ts';
import { presetsOf } from '../offline/preparedVoices.ts';
import type { ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import { type ChannelOptions, channelOption } from './channelOption.ts';
import { addTransformOption, requireConstantQOptions, runConstantQ, type SeparationTransform } from './constantQ.ts';
import { keptText, type LearntVoices, learnVoices } from './learnVoices.ts';
import { choiceOption, collect, pathOption } from './optionValues.ts';
import { claimOutputs, FORCE_HELP } from './outputFiles.ts';
import { wrapped } from './paragraphs.ts';
import { separateByChannels, separatePerChannel } from './perChannel.ts';
import { type AdaptationChoice, addAdaptationOption, isAdaptationWanted } from './renamedOptions.ts';
import { readReferences, runSeparation, separationInputs } from './runSeparation.ts';
import { separationReport, separationText } from './separationReport.ts';
import { loadSpeakers, prepareVoices } from './separationVoices.ts';
import { loadedSlots, type StdoutOptions, stdoutOption, stdoutRateOption } from './stdoutOption.ts';
import { latencyOption, requireWindow, type StreamOptions, windowOption } from './streamOptions.ts';
import { refuseOptions } from './unreadOptions.ts';
import { namesOption, type VoiceOptions, voicesOption } from './voiceOptions.ts';

interface SeparateOptions extends AdaptationChoice, StreamOptions, ChannelOptions, StdoutOptions, VoiceOptions {
  readonly speakers?: readonly string[];
  readonly perChannel?: readonly string[];
  readonly out?: string;
  readonly rest?: boolean;
  readonly offline?: boolean;
  readonly transform?: SeparationTransform;
  readonly format: WavSampleFormat;
  readonly references?: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Where the voices go: files in a folder, or one voice to another program. */
type Destination = { readonly out: string; readonly piped: null } | { readonly out: null; readonly piped: PipedVoice };

/** Options about files, and those of which a report or another method would be the result. */
const NOT_WITH_STDOUT = ['--out', '--per-channel', '--format', '--references', '--force', '--json', '--transform'];

export function separateCommand(context: CommandContext): Command {
  const command = new Command('separate')
    .summary('split a recording into one file for each speaker')
    .description(
      `Splits a recording into one WAV file for each speaker, DIR/<speaker>.wav, with the engine that also runs live. Without --speakers, finds and learns the voices first, and also writes their presets and a label track, DIR/voices.txt.

The files have the length and sample rate of the mixture and are aligned with it; with --rest they sum to it. Of a recording with several channels, those that suit it best are used, with a notice.`,
    )
    .argument(
      '<mixture>',
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
      'also write rest.wav: noise, and the voices of people who are not loaded, recognised by the bundled background voices',
    )
    .option('--offline', 'iterate each frame until it converges: slightly better, slower')
    .option(
      '--format <format>',
      'sample format: float32 or pcm16',
      choiceOption('--format', WAV_SAMPLE_FORMATS),
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

${wrapped(`Reads ${READ_FORMATS_TEXT}.`)}`,
    )
    .action((mixture: string, options: SeparateOptions) => separate(context, mixture, options, command));
  addTransformOption(command);
  return addAdaptationOption(
    command,
    'do not adapt the voices to each other first: some seconds less, separates worse',
  );
}

async function separate(
  context: CommandContext,
  mixturePath: string,
  options: SeparateOptions,
  command: Command,
): Promise<void> {
  if (options.stdout !== undefined) refuseOptions(command, NOT_WITH_STDOUT, 'with --stdout');
  else refuseOptions(command, ['--stdout-rate'], 'without --stdout <speaker>');
  const { out = null } = options;
  if (out === null && options.stdout === undefined) {
    throw new InputError(
      "required option '-o, --out <dir>' not specified; --stdout <speaker> replaces it if another program reads one voice",
    );
  }
  if (options.perChannel !== undefined && out !== null) {
    return separatePerChannel(context, mixturePath, options.perChannel, { ...options, out }, command);
  }
  const adaptation = isAdaptationWanted(options, context.terminal);
  requireWindow(options);
  if (options.transform === 'cqt') requireConstantQOptions(command);
  if (options.speakers === undefined && out !== null) {
    refuseOptions(command, ['--references', '--transform'], 'without --speakers <A,B,...>');
    return separateUnknown(context, mixturePath, { ...options, out, adaptation });
  }
  if (options.speakers === undefined) {
    throw new InputError("required option '-s, --speakers <A,B,...>' not specified; --stdout needs it");
  }
  refuseOptions(command, ['--voices', '--names'], 'with --speakers');
  const voices = await loadSpeakers(context, options.speakers);
  const destination: Destination =
    out === null ? { out, piped: pipedVoice(context, options, voices) } : { out, piped: null };
  const references = await readReferences(options.references, voices.length);
  const input = await openInput(mixturePath, context.signal);
  try {
    await separateInput(context, input, voices, { ...options, ...destination, adaptation }, references);
  } catch (error) {
    // The reader has heard enough, as `head` has.
    if (!(error instanceof ReaderGoneError)) throw error;
  } finally {
    await input.remove();
  }
}

/** Finds the voices of the recording, learns them, separates them, and keeps what was learnt beside the tracks. */
async function separateUnknown(
  context: CommandContext,
  mixturePath: string,
  options: Omit<SeparateOptions, 'out'> & { readonly out: string },
): Promise<void> {
  const { terminal, signal } = context;
  const input = await openInput(mixturePath, signal);
  try {
    const chosen = await chooseChannels(input.path, options.channel, { name: input.name, signal });
    const learnt = await learnVoices(context, input, chosen, options);
    try {
      await separateInput(context, input, learnt.voices, { ...options, piped: null }, null, {
        chosen,
        report: learnt.report,
      });
      const kept = await learnt.keep();
      if (options.json !== true) terminal.result(keptText(kept));
    } finally {
      await learnt.remove();
    }
  } finally {
    await input.remove();
  }
}

/** @throws InputError if the voice is not loaded, or standard output is a terminal */
function pipedVoice(
  { terminal, signal }: CommandContext,
  { stdout = '', stdoutRate }: StdoutOptions,
  voices: readonly PresetFile[],
): PipedVoice {
  const [voice = 0] = loadedSlots('--stdout', stdout, voices);
  const stream = terminal.soundOutput();
  return { voice, open: (fromHertz) => PcmWriter.create(stream, { fromHertz, toHertz: stdoutRate, signal }) };
}

async function separateInput(
  context: CommandContext,
  input: InputFile,
  voices: readonly PresetFile[],
  options: Omit<SeparateOptions, 'out'> & Destination,
  references: ReferenceMetrics | null,
  found: { readonly chosen: ChosenChannels; readonly report: LearntVoices['report'] } | null = null,
): Promise<void> {
  const { terminal, signal } = context;
  const { path, name } = input;
  const { out } = options;
  if (options.transform === 'cqt' && out !== null) {
    terminal.notice('--transform cqt is an experiment now: unmingle experiment separate');
    return runConstantQ(context, path, voices, { ...options, out }, references);
  }
  const protectedPaths = separationInputs(voices, references);
  // Checked before adaptation and analysis, which may take minutes. For voices found in the recording, `learnVoices` has checked.
  if (out !== null && found === null) {
    await claimOutputs(
      terminal,
      outputPaths(out, presetsOf(voices), options.rest ?? false),
      separationRules({ mixturePath: path, protectedPaths, isReplacing: options.force ?? false }),
    );
  }
  // Before the analysis, which reads the whole mixture.
  await references?.requireLike(path);
  let chosen = found?.chosen ?? (await chooseChannels(path, options.channel, { name, signal }));
  const { relation, sounding, channels } = chosen.finding;
  const isManyVoiced = relation === 'separate' || relation === 'shifted';
  const isOneEach = voices.length > 1 && sounding.length === voices.length && channels === voices.length;
  // The report of measures against references, and the rest, are those of one mixture.
  const isPerChannel = options.channel === 'best' && options.rest !== true && references === null;
  if (isManyVoiced && isOneEach && isPerChannel && out !== null) {
    if (await separateByChannels(context, input, voices, { ...options, out })) return;
    // Every channel holds all voices: their mean would be a comb filter.
    const loudest = (sounding[0] ?? 0) + 1;
    const remark = `${name}: all channels hold all voices; channel ${loudest}, the loudest, is used`;
    chosen = { ...(await chooseChannels(path, loudest, { name, signal })), remark };
  }
  const { mixdown, remark, finding } = chosen;
  const { presets, adaptation, reason, isLastBackground, competing } = await prepareVoices(
    context,
    voices,
    options,
    path,
  );
  const { result, measured } = await runSeparation(
    context,
    path,
    presets,
    {
      ...options,
      isLastBackground,
      competing,
      protectedPaths,
      mixdown,
      band: finding.band,
      offset: finding.offset,
      mixtureName: name,
    },
    references,
    adaptation,
  );
  if (remark !== null) terminal.notice(remark);
  if (relation === 'separate' && options.channel === 'best') {
    terminal.notice('--per-channel separates voices that have a channel each better');
  }
  for (const text of separationRemarks(result)) terminal.notice(text);
  const whom = voices.length === 1 ? 'the speaker was not adapted to the background' : NOT_ADAPTED;
  const unadapted = reason === null ? null : `${whom}: ${reason}`;
  if (out === null) {
    if (unadapted !== null) terminal.notice(unadapted);
    return;
  }
  terminal.result(
    options.json === true
      ? jsonText({
          ...separationReport(name, options.latency, result, measured),
          ...(found === null ? {} : { found: found.report }),
        })
      : separationText(name, result, measured),
  );
  if (unadapted !== null && options.json !== true) terminal.result(`  ${unadapted}`);
}

const NOT_ADAPTED = 'the speakers were not adapted to each other';

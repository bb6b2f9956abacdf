import { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import type { FrequencyRange } from '../../engine/core/FrequencyRange.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import type { JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import { type Preset, presetHash } from '../../engine/model/Preset.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { COMMON_FORMATS_TEXT, READ_FORMATS_TEXT } from '../audio/audioFormats.ts';
import { chooseChannels } from '../audio/channelChoice.ts';
import { type InputFile, openInput } from '../audio/InputFile.ts';
import type { Mixdown } from '../audio/Mixdown.ts';
import { PcmWriter, ReaderGoneError } from '../audio/PcmWriter.ts';
import { WAV_SAMPLE_FORMATS, type WavSampleFormat } from '../audio/WavWriter.ts';
import { jsonText } from '../files/jsonText.ts';
import { AdaptationLibrary } from '../library/AdaptationLibrary.ts';
import { withBackground } from '../library/Background.ts';
import { evidencePath } from '../library/evidenceFiles.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import {
  type FileSeparationOptions,
  type FileSeparationResult,
  outputPaths,
  type PipedVoice,
  separateFile,
  separationRemarks,
  separationRules,
} from '../offline/FileSeparation.ts';
import { type MeasuredSource, ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import { type ChannelOptions, channelOption } from './channelOption.ts';
import { addTransformOption, requireConstantQOptions, runConstantQ, type SeparationTransform } from './constantQ.ts';
import { choiceOption, collect, commaSeparated, pathOption } from './optionValues.ts';
import { claimOutputs, FORCE_HELP } from './outputFiles.ts';
import { wrapped } from './paragraphs.ts';
import { separateByChannels, separatePerChannel } from './perChannel.ts';
import { readPresets } from './presetArgument.ts';
import { type AdaptationChoice, addAdaptationOption, isAdaptationWanted } from './renamedOptions.ts';
import { separationReport, separationText } from './separationReport.ts';
import { loadedSlots, type StdoutOptions, stdoutOption, stdoutRateOption } from './stdoutOption.ts';
import { latencyOption, requireWindow, type StreamOptions, windowOption } from './streamOptions.ts';
import { refuseOptions } from './unreadOptions.ts';

interface SeparateOptions extends AdaptationChoice, StreamOptions, ChannelOptions, StdoutOptions {
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
      `Splits a recording into one WAV file for each speaker, DIR/<speaker>.wav, with the engine that also runs live.

The files have the length and sample rate of the mixture and are aligned with it; with --rest they sum to it. Of a recording with several channels, those that suit it best are used, with a notice.`,
    )
    .argument(
      '<mixture>',
      `recording of any length, rate and channel count (${COMMON_FORMATS_TEXT}, ...), or - for standard input`,
    )
    .option('-s, --speakers <A,B,...>', `1 to ${MAXIMUM_SPEAKERS} preset names or preset files`, collect)
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
  if (options.speakers === undefined) {
    throw new InputError(
      "required option '-s, --speakers <A,B,...>' not specified; --per-channel replaces it if each speaker has a microphone",
    );
  }
  const adaptation = isAdaptationWanted(options, context.terminal);
  const voices = await loadSpeakers(context, options.speakers);
  const destination: Destination =
    out === null ? { out, piped: pipedVoice(context, options, voices) } : { out, piped: null };
  requireWindow(options);
  if (options.transform === 'cqt') requireConstantQOptions(command);
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
): Promise<void> {
  const { terminal, signal } = context;
  const { path, name } = input;
  const { out } = options;
  if (options.transform === 'cqt' && out !== null) {
    terminal.notice('--transform cqt is an experiment now: unmingle experiment separate');
    return runConstantQ(context, path, voices, { ...options, out }, references);
  }
  const protectedPaths = separationInputs(voices, references);
  // Here, because adapting the speakers and analysing the mixture may take minutes.
  if (out !== null) {
    await claimOutputs(
      terminal,
      outputPaths(out, presetsOf(voices), options.rest ?? false),
      separationRules({ mixturePath: path, protectedPaths, isReplacing: options.force ?? false }),
    );
  }
  // Before the analysis, which reads the whole mixture.
  await references?.requireLike(path);
  let chosen = await chooseChannels(path, options.channel, { name, signal });
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
  const { presets, adaptation, reason, isLastBackground, competing } = await prepare(context, voices, options, path);
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
      ? jsonText(separationReport(name, options.latency, result, measured))
      : separationText(name, result, measured),
  );
  if (unadapted !== null && options.json !== true) terminal.result(`  ${unadapted}`);
}

const NOT_ADAPTED = 'the speakers were not adapted to each other';

interface PreparedVoices extends AdaptedSpeakers {
  readonly presets: readonly Preset[];
  readonly isLastBackground: boolean;
  readonly competing: NonNullable<FileSeparationOptions['competing']> | null;
}

/** Loads the voices adapted to each other. With --rest, one voice beside the background, or several, and besides them the same with it. */
async function prepare(
  context: CommandContext,
  voices: readonly PresetFile[],
  options: Pick<SeparateOptions, 'adaptation' | 'rest'>,
  mixturePath: string,
): Promise<PreparedVoices> {
  const alone = { presets: presetsOf(voices), isLastBackground: false, competing: null };
  if (!options.adaptation) return { ...UNADAPTED, ...alone };
  if (options.rest !== true) return { ...(await adaptSpeakers(context, voices, mixturePath)), ...alone };
  const background = await withBackground(context.library, voices);
  if (voices.length === 1) {
    if (!background.isLoaded) return { adaptation: null, reason: background.reason, ...alone };
    const presets = presetsOf(background.voices);
    const adapted = await adaptSpeakers(context, background.voices, mixturePath);
    return { ...adapted, presets, isLastBackground: true, competing: null };
  }
  const adapted = await adaptSpeakers(context, voices, mixturePath);
  if (!background.isLoaded) return { ...adapted, ...alone };
  const { adaptation } = await adaptSpeakers(context, background.voices, mixturePath);
  const competing = adaptation === null ? null : { presets: presetsOf(background.voices), adaptation };
  return { ...adapted, ...alone, competing };
}

/** Separates a file with a progress bar, and measures the result if there are references. Shared with `demo`. */
export async function runSeparation(
  { terminal, signal }: CommandContext,
  mixturePath: string,
  presets: readonly Preset[],
  options: Pick<SeparateOptions, 'latency' | 'window' | 'rest' | 'offline' | 'format' | 'force'> & {
    readonly out: string | null;
    readonly piped?: PipedVoice | null;
    readonly isLastBackground?: boolean;
    readonly competing?: FileSeparationOptions['competing'];
    readonly protectedPaths: readonly string[];
    readonly mixdown?: Mixdown;
    readonly band?: FrequencyRange | null;
    readonly offset?: number;
    readonly mixtureName?: string;
  },
  references: ReferenceMetrics | null,
  adaptation: JointAdaptation | null,
): Promise<{ result: FileSeparationResult; measured: readonly MeasuredSource[] | null }> {
  const { mixtureName = mixturePath, mixdown = null, band = null, offset = 0 } = options;
  await references?.requireLike(mixturePath);
  const progress = terminal.progress('separating');
  let result: FileSeparationResult;
  try {
    result = await separateFile({
      mixturePath,
      mixtureName,
      mixdown,
      band,
      offset,
      presets,
      adaptation,
      outFolder: options.out,
      piped: options.piped ?? null,
      protectedPaths: options.protectedPaths,
      isReplacing: options.force ?? false,
      latency: options.latency,
      ...(options.window === undefined ? {} : { windowSeconds: options.window / 1000 }),
      isRestWritten: options.rest ?? false,
      isLastBackground: options.isLastBackground ?? false,
      competing: options.competing ?? null,
      isOffline: options.offline ?? false,
      format: options.format,
      signal,
      onProgress: (fraction) => progress.update(fraction),
      ...(references === null ? {} : { onBlock: (mixture, outputs) => references.add(mixture, outputs) }),
    });
  } finally {
    progress.stop();
  }
  return { result, measured: references === null ? null : references.measure(mixtureName, result.sampleRateHertz) };
}

export interface AdaptedSpeakers {
  readonly adaptation: JointAdaptation | null;
  /** Why several speakers are not adapted; null if they are, or if there is only one. */
  readonly reason: string | null;
}

const UNADAPTED: AdaptedSpeakers = { adaptation: null, reason: null };

/**
 * Adapts the speakers to each other with a progress bar, or reads their adaptation from the library. Shared with `demo`.
 * @throws InputError if the mixture cannot be read, before the adaptation starts
 */
export async function adaptSpeakers(
  { library, terminal, signal }: CommandContext,
  voices: readonly PresetFile[],
  mixturePath: string,
): Promise<AdaptedSpeakers> {
  const adaptations = new AdaptationLibrary(library);
  const source = await adaptations.source(voices);
  if (source.key === null) return { adaptation: null, reason: source.reason };
  await (await AudioFileReader.open(mixturePath)).close();
  const progress = terminal.progress('adapting');
  try {
    const kept = await adaptations.adapt(source, { signal, onProgress: (fraction) => progress.update(fraction) });
    return kept === null ? { adaptation: null, reason: source.reason } : { adaptation: kept.adaptation, reason: null };
  } finally {
    progress.stop();
  }
}

/** Reads the presets of `--speakers`. */
export async function loadSpeakers(
  { library, terminal }: CommandContext,
  texts: readonly string[],
): Promise<PresetFile[]> {
  const names = await commaSeparated('--speakers', texts);
  if (names.length > MAXIMUM_SPEAKERS) {
    throw new InputError(`--speakers must be 1 to ${MAXIMUM_SPEAKERS} presets, got ${names.length}`);
  }
  const voices = await readPresets(library, names);
  const firstWith = new Map<string, Preset>();
  for (const { preset } of voices) {
    const twin = firstWith.get(presetHash(preset));
    if (twin === undefined) firstWith.set(presetHash(preset), preset);
    else
      terminal.notice(
        `"${twin.name}" and "${preset.name}" are the same voice and cannot be separated; each gets an equal share`,
      );
  }
  return voices;
}

/** Files that a separation reads besides the mixture. */
export function separationInputs(voices: readonly PresetFile[], references: ReferenceMetrics | null): string[] {
  return [...voices.flatMap(({ path }) => [path, evidencePath(path)]), ...(references?.paths ?? [])];
}

export function presetsOf(voices: readonly PresetFile[]): Preset[] {
  return voices.map(({ preset }) => preset);
}

export async function readReferences(
  texts: readonly string[] | undefined,
  speakers: number,
): Promise<ReferenceMetrics | null> {
  if (texts === undefined) return null;
  const paths = await commaSeparated('--references', texts);
  if (paths.length !== speakers) {
    throw new InputError(`--references must be one file for each of the ${speakers} speakers, got ${paths.length}`);
  }
  return ReferenceMetrics.read(paths);
}

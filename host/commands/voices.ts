import { basename, parse } from 'node:path';
import { Command } from 'commander';
import type { Seconds } from '../../engine/core/units.ts';
import { overlapsOf, type VoiceSegment } from '../../engine/diarization/segments.ts';
import { audacityLabels, rttmText } from '../../engine/diarization/segmentTexts.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import type { FoundVoices, VoiceCount } from '../../engine/recording/foundVoices.ts';
import { type KnownVoice, knownVoicesText, type NamedVoices, nameVoices } from '../../engine/recording/namedVoices.ts';
import { COMMON_FORMATS_TEXT } from '../audio/audioFormats.ts';
import { chooseChannels } from '../audio/channelChoice.ts';
import { type InputFile, openInput } from '../audio/InputFile.ts';
import { jsonText } from '../files/jsonText.ts';
import { textTable } from '../files/textTable.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { clockText } from '../offline/clockText.ts';
import { findVoices } from '../offline/findVoices.ts';
import { knownVoices } from '../offline/knownVoices.ts';
import type { CommandContext } from './CommandContext.ts';
import { type ChannelOptions, channelOption } from './channelOption.ts';
import { pathOption } from './optionValues.ts';
import { claimOutputs, FORCE_HELP } from './outputFiles.ts';
import { namesOption, readVoiceOptions, type VoiceOptions, voicesOption } from './voiceOptions.ts';

interface VoicesOptions extends ChannelOptions, VoiceOptions {
  readonly rttm?: string;
  readonly labels?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function voicesCommand(context: CommandContext): Command {
  return new Command('voices')
    .summary('find out who speaks when in a recording')
    .description(
      'Finds out who speaks when in a recording, without knowing anybody. Where several speak at once, two are named. separate without --speakers also learns these voices and separates them.',
    )
    .argument('<recording>', `recording of any length, rate and channel count (${COMMON_FORMATS_TEXT}, ...), or -`)
    .addOption(voicesOption())
    .addOption(namesOption())
    .option('--rttm <file>', 'also write the segments as RTTM', pathOption('--rttm'))
    .option('--labels <file>', 'also write the segments as a label track of Audacity', pathOption('--labels'))
    .addOption(channelOption())
    .option('--force', FORCE_HELP)
    .option('--json', 'print a JSON report, and nothing else, to stdout')
    .addHelpText(
      'after',
      `
Examples:
  unmingle voices meeting.flac
  unmingle voices interview.wav --names ann,bob --labels interview.txt
  unmingle voices meeting.flac --voices 4 --rttm meeting.rttm --json`,
    )
    .action((recording: string, options: VoicesOptions) => voices(context, recording, options));
}

async function voices(context: CommandContext, path: string, options: VoicesOptions): Promise<void> {
  const { terminal, library, signal } = context;
  const { count, names: given } = await readVoiceOptions(options);
  const input = await openInput(path, signal);
  try {
    const outputs = [options.rttm, options.labels].filter((output) => output !== undefined);
    await claimOutputs(terminal, outputs, {
      inputs: [input.path],
      isReplacing: options.force ?? false,
      alternative: 'choose another file',
    });
    const { mixdown, remark } = await chooseChannels(input.path, options.channel, { name: input.name, signal });
    if (remark !== null) terminal.notice(remark);
    const found = await findWithProgress(context, { ...input, mixdown }, { count, least: 1 });
    const named = nameFound(context, found, given, given === null ? await knownVoices(library) : []);
    const { names } = named;
    const mode = options.force === true ? 'replace' : 'create';
    if (options.rttm !== undefined)
      await writeTextFile(options.rttm, rttmText(found.segments, names, parse(input.name).name), mode);
    if (options.labels !== undefined) await writeTextFile(options.labels, audacityLabels(found.segments, names), mode);
    terminal.result(
      options.json === true ? jsonText(voicesReport(input.name, found, named)) : voicesText(input, found, names),
    );
  } finally {
    await input.remove();
  }
}

/** `findVoices` with a progress bar. */
export async function findWithProgress(
  { terminal, signal }: CommandContext,
  recording: Parameters<typeof findVoices>[0],
  count: VoiceCount,
): Promise<FoundVoices> {
  const progress = terminal.progress('listening');
  return findVoices(recording, count, { signal, onProgress: (fraction) => progress.update(fraction) }).finally(() =>
    progress.stop(),
  );
}

/**
 * Names the voices that were found, with a notice about each that is recognised.
 * @param given [voices] names that the user wants; null: those of the people in `known`, else numbers
 */
export function nameFound(
  { terminal }: CommandContext,
  { vectors }: FoundVoices,
  given: readonly PresetName[] | null,
  known: readonly KnownVoice[],
): NamedVoices {
  if (given !== null) return { names: given, isKnown: given.map(() => false) };
  const named = nameVoices(vectors, known);
  for (const line of knownVoicesText(named)) terminal.notice(line);
  return named;
}

/** One line: how many voices, and how long each speaks. */
export function foundText(name: string, found: FoundVoices, names: readonly string[]): string {
  const list = names
    .map((voice, index) => `${voice} ${clockText(speakingSeconds(found.segments, index), 1)}`)
    .join(', ');
  return `${name}: ${found.voices === 1 ? 'one voice' : `${found.voices} voices`}: ${list}`;
}

/** Who speaks when, as JSON. */
export function voicesReport(name: string, found: FoundVoices, { names, isKnown }: NamedVoices) {
  const solo = found.solo(null);
  const named = ({ voice, startSeconds, endSeconds }: VoiceSegment) => ({
    voice: names[voice]!,
    startSeconds,
    endSeconds,
  });
  return {
    recording: name,
    seconds: found.seconds,
    voices: names.map((name, index) => ({
      name,
      isKnown: isKnown[index]!,
      speakingSeconds: speakingSeconds(found.segments, index),
      aloneSeconds: speakingSeconds(solo[index]!, index),
    })),
    segments: found.segments.map((segment) => ({
      ...named(segment),
      overlaps: overlapsOf(found.segments, segment).map(named),
    })),
  };
}

function voicesText(input: InputFile, found: FoundVoices, names: readonly string[]): string {
  const overlapText = ({ voice, startSeconds, endSeconds }: VoiceSegment) =>
    `${names[voice]} ${clockText(startSeconds, 1)}-${clockText(endSeconds, 1)}`;
  const rows = found.segments.map((segment) => [
    names[segment.voice]!,
    clockText(segment.startSeconds, 1),
    clockText(segment.endSeconds, 1),
    overlapsOf(found.segments, segment).map(overlapText).join(', '),
  ]);
  const table = textTable([['voice', 'from', 'to', 'at the same time'], ...rows]).map((line) => `  ${line}`);
  return [foundText(basename(input.name), found, names), ...table].join('\n');
}

function speakingSeconds(segments: readonly VoiceSegment[], wanted: number): Seconds {
  return segments
    .filter(({ voice }) => voice === wanted)
    .reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
}

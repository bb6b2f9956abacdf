import type { Command } from 'commander';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { type InputFile, openInput } from '../audio/InputFile.ts';
import type { TrackFormat } from '../audio/trackFormats.ts';
import { jsonText } from '../files/jsonText.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import { type ChannelSeparationResult, separateChannels } from '../offline/ChannelSeparation.ts';
import { type ChannelEstimate, type ChannelRecording, estimateChannels } from '../offline/channelEstimate.ts';
import { type ChannelVoices, listenToChannels } from '../offline/channelVoices.ts';
import { outputPaths, separationRemarks, separationRules } from '../offline/FileSeparation.ts';
import type { CommandContext } from './CommandContext.ts';
import { channelVoices } from './channelVoices.ts';
import type { LearntVoices } from './learnVoices.ts';
import { claimOutputs } from './outputFiles.ts';
import { fileLines } from './separationReport.ts';
import { refuseOptions } from './unreadOptions.ts';

export interface PerChannelOptions {
  readonly out: string;
  readonly format: TrackFormat;
  readonly force?: boolean;
  readonly json?: boolean;
  /** Who speaks when, if the voices were found in the recording: part of the JSON report. @default null */
  readonly foundVoices?: LearntVoices['report'] | null;
}

/** Options of `separate` that concern the separation by templates. */
const UNREAD_OPTIONS = [
  ...[
    '--speakers',
    '--voices',
    '--names',
    '--channel',
    '--latency',
    '--window',
    '--rest',
    '--offline',
    '--no-adaptation',
    '--transform',
  ],
  '--references',
];
/** Share of its voice in every channel from which voices are assigned to channels without being asked; two voices by chance have 0.5. */
const CERTAIN_SHARE = 0.6;
/** Parts of the work, for the progress. */
const ESTIMATING_PART = 0.5;

/** `separate --per-channel`: removes from each speaker's channel the bleed of the others. */
export async function separatePerChannel(
  context: CommandContext,
  path: string,
  texts: readonly string[],
  options: PerChannelOptions,
  command: Command,
): Promise<void> {
  refuseOptions(command, UNREAD_OPTIONS, 'with --per-channel');
  const voices = await channelVoices(context, texts);
  const input = await openInput(path, context.signal);
  try {
    const presets = voices.flatMap((voice) => (voice === null ? [] : [voice.preset]));
    await claimOutputs(
      context.terminal,
      outputPaths(options.out, presets, false, options.format),
      separationRules({
        mixturePath: input.path,
        protectedPaths: pathsOf(voices),
        isReplacing: options.force ?? false,
      }),
    );
    const expected = { channels: voices.length, protectedPaths: pathsOf(voices) };
    await run(context, input, expected, options, async (recording, estimate) => {
      const order = orderRemark(voices, await heard(recording, estimate, voices));
      if (order !== null) context.terminal.notice(`${input.name}: ${order}`);
      return voices.map((voice) => voice?.preset.name ?? null);
    });
  } finally {
    await input.remove();
  }
}

/**
 * Separates a recording in which each of the speakers has a channel, after finding out which.
 * @param voices as many as the recording has channels
 * @returns false, without having written anything, if it is not clear who speaks in which channel
 */
export async function separateByChannels(
  context: CommandContext,
  input: InputFile,
  voices: readonly PresetFile[],
  options: PerChannelOptions,
): Promise<boolean> {
  const expected = { channels: voices.length, protectedPaths: pathsOf(voices) };
  return run(context, input, expected, options, async (recording, estimate) => {
    const found = await heard(recording, estimate, voices);
    if (found === null || found.leastShare < CERTAIN_SHARE) return null;
    const names = found.voiceOf.map((voice) => voices[voice]!.preset.name);
    context.terminal.notice(
      `${input.name}: each channel holds another voice: ${channelList(names)}; the bleed between them is removed (--channel mix: average them instead)`,
    );
    return names;
  });
}

/**
 * Separates a recording in which each channel holds the voice of somebody who is not known.
 * @param names of the voices, in the order of the channels
 */
export async function separateUnknownChannels(
  context: CommandContext,
  input: InputFile,
  names: readonly PresetName[],
  options: PerChannelOptions,
): Promise<void> {
  const { terminal } = context;
  const isReplacing = options.force ?? false;
  const rules = separationRules({ mixturePath: input.path, protectedPaths: [], isReplacing });
  const paths = outputPaths(
    options.out,
    names.map((name) => ({ name })),
    false,
    options.format,
  );
  await claimOutputs(terminal, paths, rules);
  terminal.notice(
    `${input.name}: each channel holds another voice: ${channelList(names)}; the bleed between them is removed, and no preset is learnt (--channel mix: find the voices in the mean of the channels instead)`,
  );
  await run(context, input, { channels: names.length, protectedPaths: [] }, options, async () => names);
}

function channelList(names: readonly string[]): string {
  return names.map((name, channel) => `channel ${channel + 1} is ${name}`).join(', ');
}

/** @returns who speaks in which channel; null if that cannot be told apart: fewer than two voices, or a channel of nobody */
async function heard(
  recording: ChannelRecording,
  estimate: ChannelEstimate,
  voices: readonly (PresetFile | null)[],
): Promise<ChannelVoices | null> {
  const presets = voices.flatMap((voice) => (voice === null ? [] : [voice.preset]));
  return presets.length < Math.max(2, voices.length) ? null : listenToChannels(recording, estimate, presets);
}

/**
 * @param channels expected number of channels
 * @param protectedPaths files that must not be overwritten
 * @param assign returns the name of each channel's voice, null: nobody; or null: nothing is separated
 */
async function run(
  context: CommandContext,
  { path, name }: InputFile,
  { channels, protectedPaths }: { readonly channels: number; readonly protectedPaths: readonly string[] },
  options: PerChannelOptions,
  assign: (recording: ChannelRecording, estimate: ChannelEstimate) => Promise<readonly (string | null)[] | null>,
): Promise<boolean> {
  const { terminal, signal } = context;
  const start = performance.now();
  const recording = { path, name, channels, signal };
  const progress = terminal.progress('separating');
  let result: ChannelSeparationResult;
  try {
    const estimate = await estimateChannels(recording, (fraction) => progress.update(ESTIMATING_PART * fraction));
    const voices = await assign(recording, estimate);
    if (voices === null) return false;
    result = await separateChannels({
      recording,
      estimate,
      voices,
      outFolder: options.out,
      protectedPaths,
      isReplacing: options.force ?? false,
      format: options.format,
      onProgress: (fraction) => progress.update(ESTIMATING_PART + (1 - ESTIMATING_PART) * fraction),
    });
  } finally {
    progress.stop();
  }
  const realTimeFactor = result.samples / result.sampleRateHertz / ((performance.now() - start) / 1000);
  for (const remark of separationRemarks(result)) terminal.notice(remark);
  terminal.result(
    options.json === true
      ? jsonText({ ...report(name, result, realTimeFactor), ...foundIn(options) })
      : text(name, result, realTimeFactor),
  );
  return true;
}

/** Part of the report on voices that were found in the recording; empty if they were named. */
function foundIn({ foundVoices = null }: PerChannelOptions) {
  return foundVoices === null ? {} : { found: foundVoices };
}

function pathsOf(voices: readonly (PresetFile | null)[]): string[] {
  return voices.flatMap((voice) => (voice === null ? [] : [voice.path]));
}

/** @returns a warning if the voices sound like another order; null if not */
function orderRemark(voices: readonly (PresetFile | null)[], found: ChannelVoices | null): string | null {
  if (found === null || found.leastShare < CERTAIN_SHARE) return null;
  if (found.voiceOf.every((voice, channel) => voice === channel)) return null;
  const names = found.voiceOf.map((voice) => voices[voice]?.preset.name).join(',');
  return `the channels sound like ${names}; check the order of --per-channel`;
}

function report(
  name: string,
  { files, sampleRateHertz, channels, samples }: ChannelSeparationResult,
  realTimeFactor: number,
) {
  return {
    mixture: name,
    sampleRateHertz,
    channels,
    seconds: samples / sampleRateHertz,
    realTimeFactor,
    sources: files.map(({ speaker, path, clippedSamples }) => ({ speaker, file: path, clippedSamples })),
    rest: null,
  };
}

function text(name: string, result: ChannelSeparationResult, realTimeFactor: number): string {
  const { sampleRateHertz, channels, samples, files } = result;
  const seconds = (samples / sampleRateHertz).toFixed(1);
  return [
    `${name}: ${channels} channels, ${seconds} s at ${sampleRateHertz} Hz, ${realTimeFactor.toFixed(0)} times faster than real time`,
    ...fileLines(files, null),
  ].join('\n');
}

import { presetsOf } from '../../engine/recording/preparedVoices.ts';
import { type ChosenChannels, chooseChannels } from '../audio/channelChoice.ts';
import type { InputFile } from '../audio/InputFile.ts';
import type { TrackFormat } from '../audio/trackFormats.ts';
import { jsonText } from '../files/jsonText.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import { outputPaths, type PipedVoice, separationRemarks, separationRules } from '../offline/FileSeparation.ts';
import type { ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import type { ChannelOptions } from './channelOption.ts';
import { runConstantQ } from './constantQ.ts';
import type { LearntVoices } from './learnVoices.ts';
import { claimOutputs } from './outputFiles.ts';
import { separateByChannels } from './perChannel.ts';
import type { AdaptationChoice } from './renamedOptions.ts';
import { runSeparation, separationInputs } from './runSeparation.ts';
import { separationReport, separationText } from './separationReport.ts';
import { prepareVoices } from './separationVoices.ts';
import type { StdoutOptions } from './stdoutOption.ts';
import type { StreamOptions } from './streamOptions.ts';
import type { SeparationTransform } from './transformOption.ts';
import type { VoiceOptions } from './voiceOptions.ts';

/** Options of `separate`. */
export interface SeparateOptions extends AdaptationChoice, StreamOptions, ChannelOptions, StdoutOptions, VoiceOptions {
  readonly speakers?: readonly string[];
  readonly perChannel?: readonly string[];
  readonly out?: string;
  readonly rest?: boolean;
  readonly offline?: boolean;
  readonly transform?: SeparationTransform;
  readonly format: TrackFormat;
  readonly references?: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Where the voices go: files in a folder, or one voice to another program. */
export type Destination =
  | { readonly out: string; readonly piped: null }
  | { readonly out: null; readonly piped: PipedVoice };

/**
 * Separates a recording of known voices: by its channels if each holds another voice, else as one mixture by their templates.
 * @param references recordings of each voice alone, to measure against; null: none
 * @param found how the voices were found in this recording; null: they were named
 */
export async function separateInput(
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
      outputPaths(out, presetsOf(voices), options.rest ?? false, options.format),
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
    if (await separateByChannels(context, input, voices, { ...options, out, foundVoices: found?.report ?? null }))
      return;
    // Every channel holds all voices: their mean would be a comb filter.
    const loudest = (sounding[0] ?? 0) + 1;
    const remark = `${name}: all channels hold all voices; channel ${loudest}, the loudest, is used`;
    chosen = { ...(await chooseChannels(path, loudest, { name, signal })), remark };
  }
  const { mixdown, remark, finding } = chosen;
  const { presets, adaptation, reason, isLastBackground, background } = await prepareVoices(
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
      background,
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

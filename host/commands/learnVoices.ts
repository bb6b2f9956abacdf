import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { audacityLabels } from '../../engine/diarization/segmentTexts.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { numberedNames } from '../../engine/recording/numberedNames.ts';
import type { ChosenChannels } from '../audio/channelChoice.ts';
import type { InputFile } from '../audio/InputFile.ts';
import type { TrackFormat } from '../audio/trackFormats.ts';
import { createTemporaryFolder } from '../files/temporaryFolder.ts';
import { writeTextFile } from '../files/writeTextFile.ts';
import { evidencePath } from '../library/evidenceFiles.ts';
import { PRESET_EXTENSION, type PresetFile } from '../library/PresetLibrary.ts';
import { writePreset } from '../library/writePreset.ts';
import { outputPaths, separationRules } from '../offline/FileSeparation.ts';
import { knownVoices } from '../offline/knownVoices.ts';
import { learnRecordedVoices } from '../offline/learnVoices.ts';
import type { CommandContext } from './CommandContext.ts';
import { claimOutputs } from './outputFiles.ts';
import { readPresets } from './presetArgument.ts';
import { readVoiceOptions, type VoiceOptions } from './voiceOptions.ts';
import { findWithProgress, foundText, nameFound, voicesReport } from './voices.ts';

export interface LearnOptions extends VoiceOptions {
  /** Folder of the tracks; the presets, their evidence and the label track are written there too. */
  readonly out: string;
  readonly format: TrackFormat;
  readonly rest?: boolean;
  readonly force?: boolean;
}

/** Voices that were found in a recording and learnt from it. */
export interface LearntVoices {
  readonly voices: readonly PresetFile[];
  /** Who speaks when, as JSON. */
  readonly report: ReturnType<typeof voicesReport>;
  /** Writes the presets, their evidence and a label track to the folder. */
  keep(): Promise<KeptVoices>;
  /** Removes what was learnt, unless it was kept. */
  remove(): Promise<void>;
}

/** Files of voices that were learnt from a recording. */
interface KeptVoices {
  /** Of the presets and the label track. */
  readonly paths: readonly string[];
  /** Path of the first preset of a voice that the library does not have; null: it has all. */
  readonly newPreset: string | null;
}

/** Label track of Audacity beside the separated voices. */
const LABELS_FILE = 'voices.txt';

/**
 * Finds the voices of a recording and learns each from where it speaks alone.
 * @throws InputError if one voice is to be found and no rest to separate it from, or a voice speaks too little
 */
export async function learnVoices(
  context: CommandContext,
  { path, name }: InputFile,
  { mixdown, finding }: ChosenChannels,
  options: LearnOptions,
): Promise<LearntVoices> {
  const { terminal } = context;
  const { count, names: given } = await readVoiceOptions(options);
  const recording = { path, name, mixdown };
  const least = options.rest === true ? 1 : 2;
  if (count !== null && count < least) {
    throw new InputError('--voices 1 leaves nothing to separate; --rest separates one voice from all other sound');
  }
  const known = given === null ? await knownVoices(context.library) : [];
  const expected = given ?? (count === null || known.length > 0 ? null : numberedNames(count));
  if (expected !== null) await claimKept(context, path, expected, options);
  const found = await findWithProgress(context, recording, { count, least });
  if (found.voices < least) {
    throw new InputError(
      `${name}: only one voice was found, so there is nothing to separate; --rest separates it from all other sound`,
    );
  }
  const named = nameFound(context, found, given, known);
  const { names, isKnown } = named;
  terminal.notice(foundText(name, found, names));
  if (count === null) terminal.notice('the number of voices is a guess; state it with --voices');
  if (!found.areDistinct) terminal.notice(`${name}: two of these voices sound alike and may be one person`);
  if (expected === null) await claimKept(context, path, names, options);
  const progress = terminal.progress('learning');
  const learnt = await learnRecordedVoices(recording, found, names, finding.offset, {
    signal: context.signal,
    onProgress: (fraction, voice) => progress.update(fraction, voice ?? undefined),
  }).finally(() => progress.stop());
  const folder = await createTemporaryFolder('voices');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const write = async (into: string, isReplacing: boolean) => {
      const paths: string[] = [];
      for (const [index, { presetText, evidenceText }] of learnt.entries()) {
        const preset = presetFile(into, names[index]!);
        await writePreset(preset, { preset: presetText, evidence: evidenceText }, isReplacing ? preset : null);
        paths.push(preset);
      }
      return paths;
    };
    const voices = await readPresets(context.library, await write(folder, false));
    const keep = async (): Promise<KeptVoices> => {
      const isReplacing = options.force ?? false;
      const labels = join(options.out, LABELS_FILE);
      await writeTextFile(labels, audacityLabels(found.segments, names), isReplacing ? 'replace' : 'create');
      const presets = await write(options.out, isReplacing);
      return { paths: [...presets, labels], newPreset: presets.find((_, voice) => !isKnown[voice]) ?? null };
    };
    return { voices, report: voicesReport(name, found, named), keep, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Checks before training that tracks, presets, evidence and label track can be written. */
async function claimKept(
  { terminal }: CommandContext,
  mixturePath: string,
  names: readonly PresetName[],
  { out, rest = false, format, force = false }: LearnOptions,
): Promise<void> {
  const presets = names.map((name) => presetFile(out, name));
  const kept = [...presets, ...presets.map(evidencePath), join(out, LABELS_FILE)];
  const tracks = outputPaths(
    out,
    names.map((name) => ({ name })),
    rest,
    format,
  );
  await claimOutputs(terminal, [...tracks, ...kept], separationRules({ mixturePath, isReplacing: force }));
}

/** Lines for the user about the files that `keep` wrote. */
export function keptText({ paths, newPreset }: KeptVoices): string {
  const lines = paths.map((path) => `  ${path}`);
  return newPreset === null
    ? lines.join('\n')
    : [...lines, `keep a voice in your library: unmingle presets import ${newPreset}`].join('\n');
}

function presetFile(folder: string, name: PresetName): string {
  return join(folder, `${name}${PRESET_EXTENSION}`);
}

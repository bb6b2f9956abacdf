import type { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { openInput } from '../audio/InputFile.ts';
import { PcmWriter, ReaderGoneError } from '../audio/PcmWriter.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import type { PipedVoice } from '../offline/FileSeparation.ts';
import type { CommandContext } from './CommandContext.ts';
import { separatePerChannel } from './perChannel.ts';
import { isAdaptationWanted } from './renamedOptions.ts';
import { readReferences } from './runSeparation.ts';
import { type Destination, type SeparateOptions, separateInput } from './separateInput.ts';
import { separateUnknown } from './separateUnknown.ts';
import { loadSpeakers } from './separationVoices.ts';
import { loadedSlots, type StdoutOptions } from './stdoutOption.ts';
import { requireWindow } from './streamOptions.ts';
import { requireConstantQOptions } from './transformOption.ts';
import { refuseOptions } from './unreadOptions.ts';

/** Options about files, and those of which a report or another method would be the result. */
const NOT_WITH_STDOUT = ['--out', '--per-channel', '--format', '--references', '--force', '--json', '--transform'];

/**
 * `separate` of one recording: into the voices of its channels, into known voices, or into those that are found in it.
 * @throws InputError for options that contradict each other, before the recording is read
 */
export async function separateRecording(
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

import type { Command } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import { LIVE_CHANNELS } from '../../engine/core/limits.ts';
import { LATENCY_MODE_SECONDS } from '../../engine/stft/StftPlan.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import type { CommandContext } from './CommandContext.ts';
import { channelVoices } from './channelVoices.ts';
import type { StreamOptions } from './streamOptions.ts';
import { refuseOptions } from './unreadOptions.ts';

/** Options of `live` that choose voices or channels in other ways. Voices that have channels are not adapted to each other. */
const UNREAD_OPTIONS = ['--speakers', '--voices', '--channel', '--rest', '--or-demo', '--no-adaptation', '--no-scene'];

/** @throws InputError for options that have no effect with `live --per-channel` */
export function refuseBesidePerChannel(command: Command): void {
  refuseOptions(command, UNREAD_OPTIONS, 'with --per-channel');
}

/**
 * Reads the value of `live --per-channel`.
 * @returns [channels] presets; null for nobody
 * @throws InputError as `channelVoices`, for a number of channels that cannot be demixed live, and for a latency below that of the demixing
 */
export async function liveChannelVoices(
  context: Pick<CommandContext, 'library'>,
  texts: readonly string[],
  { latency }: StreamOptions,
): Promise<(PresetFile | null)[]> {
  const voices = await channelVoices(context, texts);
  const { minimum, maximum } = LIVE_CHANNELS;
  if (voices.length < minimum || voices.length > maximum)
    throw new InputError(`--per-channel must be ${minimum} to ${maximum} voices (- for none), got ${voices.length}`);
  if (typeof latency === 'number' && latency < LATENCY_MODE_SECONDS.ear) {
    const least = 1000 * LATENCY_MODE_SECONDS.ear;
    throw new InputError(`--latency must be at least ${least} ms with --per-channel, got ${1000 * latency}`);
  }
  return voices;
}

/** @returns which channel is whose, one line for the user */
export function channelLine(names: readonly (string | null)[]): string {
  return names.map((name, channel) => `channel ${channel + 1}: ${name ?? 'nobody'}`).join(', ');
}

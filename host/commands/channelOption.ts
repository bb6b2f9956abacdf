import { Option } from 'commander';
import { InputError } from '../../engine/core/errors.ts';
import type { ChannelChoice } from '../audio/channelChoice.ts';
import { CHANNEL_RANGE } from '../protocol/fields.ts';
import { withChoices } from './optionValues.ts';

/** Parsed value of `channelOption`. */
export interface ChannelOptions {
  readonly channel: ChannelChoice;
}

/** `--channel`, the same in every command that reads recordings. */
export function channelOption(): Option {
  return new Option(
    '--channel <N|mix|best>',
    'channel of recordings with several: its number from 1, the mean of all, or what suits the recording',
  )
    .argParser(parseChannel)
    .default('best');
}

/** @throws InputError for anything but a channel's number, mix and best */
export const parseChannel = withChoices<ChannelChoice>(['mix', 'best'], (text) => {
  if (text === 'mix' || text === 'best') return text;
  const { minimum, maximum } = CHANNEL_RANGE;
  const channel = Number(text);
  if (text.trim() !== '' && Number.isInteger(channel) && channel >= minimum && channel <= maximum) return channel;
  throw new InputError(`--channel must be mix, best or a number from ${minimum} to ${maximum}, got "${text}"`);
});

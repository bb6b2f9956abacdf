import { Option } from 'commander';
import { parseChannel } from './channelOption.ts';

/** `--input`, the same in every command that opens a microphone. */
export function inputOption(): Option {
  return new Option(
    '-i, --input <device>',
    'index, id or part of the name (see unmingle devices); with --backend file: a sound file',
  );
}

/** The option `--channel` of commands that open an input device. */
export function inputChannelOption(): Option {
  return new Option(
    '--channel <N|mix|best>',
    'channel of the input device: its number from 1, the mean of the first two, or what suits the first 3 s of speech (default: mix)',
  ).argParser(parseChannel);
}

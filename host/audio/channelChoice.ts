import { averagedText, bestChannels } from '../../engine/channels/bestChannels.ts';
import { ChannelAnalysis, type ChannelFinding } from '../../engine/channels/ChannelAnalysis.ts';
import { type Mixdown, oneWeight } from '../../engine/channels/Mixdown.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { AudioFileReader } from './AudioFileReader.ts';

/** A channel's number, from 1; the mean of all channels; or what an analysis of the recording finds best. */
export type ChannelChoice = number | 'mix' | 'best';

export interface ChosenChannels {
  readonly mixdown: Mixdown;
  /** Number of channels of the file. */
  readonly channels: number;
  /** What was chosen and why, one line for the user; null for a file with one channel. */
  readonly remark: string | null;
  readonly finding: ChannelFinding;
}

export interface ChannelChoiceOptions {
  /** Name of the file in texts for the user. @default the path */
  readonly name?: string;
  /** Analyses no more than this. @default the whole file */
  readonly maximumSeconds?: Seconds;
  readonly signal?: AbortSignal;
  /** @param fraction of the file that has been analysed, 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Chooses how the channels of a recording become one, after an analysis that reads the file once. `best` keeps the level of the channels that
 * sound.
 * @throws InputError as AudioFileReader, or for a channel that the file does not have
 */
export async function chooseChannels(
  path: string,
  choice: ChannelChoice,
  options: ChannelChoiceOptions = {},
): Promise<ChosenChannels> {
  const reader = await AudioFileReader.open(path, options.name);
  try {
    const { name, channels } = reader;
    if (typeof choice === 'number') requireChannel(name, channels, choice);
    const finding = await analyse(reader, options);
    if (typeof choice === 'number') return { ...chosenChannel(name, channels, choice), channels, finding };
    if (channels === 1) return { mixdown: null, remark: null, channels, finding };
    const chosen =
      choice === 'mix' ? { mixdown: null, remark: averagedText(name, channels) } : bestChannels(name, finding);
    return { ...chosen, channels, finding };
  } finally {
    await reader.close();
  }
}

type Choice = Pick<ChosenChannels, 'mixdown' | 'remark'>;

function requireChannel(name: string, channels: number, choice: number): void {
  if (choice <= channels) return;
  throw new InputError(`--channel must be at most ${channels}, the number of channels of ${name}, got ${choice}`);
}

function chosenChannel(name: string, channels: number, choice: number): Choice {
  const remark = channels === 1 ? null : `${name}: channel ${choice} of ${channels} is used`;
  return { mixdown: oneWeight(channels, choice - 1), remark };
}

async function analyse(
  reader: AudioFileReader,
  { maximumSeconds = Number.POSITIVE_INFINITY, signal, onProgress }: ChannelChoiceOptions,
): Promise<ChannelFinding> {
  const analysis = new ChannelAnalysis(reader.channels, reader.sampleRateHertz);
  let samples = 0;
  for await (const channels of reader.channelBlocks()) {
    signal?.throwIfAborted();
    analysis.add(channels);
    samples += channels[0]?.length ?? 0;
    onProgress?.(reader.fractionRead);
    if (samples >= maximumSeconds * reader.sampleRateHertz) break;
  }
  return analysis.finding;
}

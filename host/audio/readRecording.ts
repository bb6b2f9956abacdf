import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { AudioFileReader } from './AudioFileReader.ts';
import { type ChannelChoice, type ChosenChannels, chooseChannels } from './channelChoice.ts';

/** The samples of a whole file, mixed down to mono. */
export interface AudioRecording {
  readonly name: string;
  readonly samples: Float32Array;
  readonly sampleRateHertz: Hertz;
  /** Number of channels in the file. */
  readonly channels: number;
  /** What is wrong with the file, and which of its channels were used, one line each for the user. */
  readonly remarks: readonly string[];
}

/**
 * Reads a whole file into memory.
 * @param maximumSeconds longer files are refused
 * @throws InputError as AudioFileReader and `chooseChannels`, or if the file is too long
 */
export async function readRecording(
  path: string,
  maximumSeconds: Seconds = 3 * 3600,
  channel: ChannelChoice = 'mix',
): Promise<AudioRecording> {
  const reader = await AudioFileReader.open(path);
  const chosen = await chosenChannels(reader, channel).catch(async (error: unknown) => {
    await reader.close();
    throw error;
  });
  const blocks: Float32Array[] = [];
  let length = 0;
  for await (const block of reader.blocks(chosen?.mixdown ?? null)) {
    blocks.push(block);
    length += block.length;
    if (length > maximumSeconds * reader.sampleRateHertz) {
      throw new InputError(`${path}: is too long: at most ${maximumSeconds} s are allowed`);
    }
  }
  const samples = new Float32Array(length);
  let offset = 0;
  for (const block of blocks) {
    samples.set(block, offset);
    offset += block.length;
  }
  const { channels, sampleRateHertz } = reader;
  const remarks = [...reader.remarks, ...(chosen === null || chosen.remark === null ? [] : [chosen.remark])];
  return { name: path, samples, sampleRateHertz, channels, remarks };
}

/** @returns null for the mean of all channels, which needs no analysis */
async function chosenChannels(reader: AudioFileReader, channel: ChannelChoice): Promise<ChosenChannels | null> {
  if (channel === 'mix' || (channel === 'best' && reader.channels === 1)) return null;
  return chooseChannels(reader.path, channel);
}

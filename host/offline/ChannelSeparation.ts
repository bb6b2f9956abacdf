import { join } from 'node:path';
import { Demixer } from '../../engine/channels/Demixer.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import type { TrackFile } from '../audio/SoundWriter.ts';
import { createTrack, type TrackFormat, trackExtension } from '../audio/trackFormats.ts';
import { requireOutputs } from '../files/outputs.ts';
import { type ChannelEstimate, type ChannelRecording, cleanBlocks } from './channelEstimate.ts';
import { type SeparatedFile, separationRules } from './FileSeparation.ts';

export interface ChannelSeparationOptions {
  readonly recording: ChannelRecording;
  readonly estimate: ChannelEstimate;
  /** [channels] name of the voice that each channel belongs to; null: nobody's, such as a microphone in the room. */
  readonly voices: readonly (string | null)[];
  readonly outFolder: string;
  /** Files besides the recording that must not be overwritten, not even with `isReplacing`. */
  readonly protectedPaths?: readonly string[];
  /** Whether files of the outputs' names in the folder are replaced. @default false: they are refused */
  readonly isReplacing?: boolean;
  readonly format: TrackFormat;
  /** @param fraction done, 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
}

export interface ChannelSeparationResult {
  readonly files: readonly SeparatedFile[];
  readonly sampleRateHertz: Hertz;
  readonly channels: number;
  readonly samples: Samples;
  /** What is wrong with the recording, one line each for the user. */
  readonly remarks: readonly string[];
}

/**
 * Separates a recording in which each voice has its own microphone: removes from each channel the bleed of the others, using all channels
 * at once, in constant memory. The outputs have the recording's length and are aligned with it.
 * @throws InputError as AudioFileReader, requireOutputs and createTrack do; then no file is left behind
 */
export async function separateChannels(options: ChannelSeparationOptions): Promise<ChannelSeparationResult> {
  const { recording, estimate, voices, outFolder, format, protectedPaths = [], isReplacing = false } = options;
  const named = voices.flatMap((voice, channel) => (voice === null ? [] : [{ voice, channel }]));
  const paths = named.map(({ voice }) => join(outFolder, `${voice}${trackExtension(format)}`));
  await requireOutputs(paths, separationRules({ mixturePath: recording.path, protectedPaths, isReplacing }));
  const reader = await AudioFileReader.open(recording.path, recording.name);
  const { sampleRateHertz } = reader;
  const writers: TrackFile[] = [];
  try {
    for (const path of paths)
      writers.push(await createTrack(path, sampleRateHertz, format, isReplacing ? 'replace' : 'create'));
    const demixer = new Demixer(estimate.demixing, estimate.plan);
    let samplesToSkip = demixer.latencySamples;
    const pass = async (block: readonly Float32Array[]) => {
      recording.signal.throwIfAborted();
      const outputs = demixer.process(block);
      const skipped = Math.min(samplesToSkip, outputs[0]?.length ?? 0);
      samplesToSkip -= skipped;
      for (const [index, { channel }] of named.entries())
        await writers[index]!.write(outputs[channel]!.subarray(skipped));
      options.onProgress?.(reader.fractionRead);
    };
    let samples = 0;
    for await (const { clean } of cleanBlocks(reader, voices.length)) {
      await pass(clean);
      samples += clean[0]?.length ?? 0;
    }
    await pass(voices.map(() => new Float32Array(demixer.latencySamples)));
    for (const writer of writers) await writer.close();
    const files = writers.map((writer, index) => ({
      speaker: named[index]!.voice,
      path: writer.path,
      clippedSamples: writer.clippedSamples,
    }));
    return { files, sampleRateHertz, channels: voices.length, samples, remarks: reader.remarks };
  } catch (error) {
    for (const writer of writers) await writer.abort();
    throw error;
  } finally {
    await reader.close();
  }
}

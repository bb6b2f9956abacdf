import { join } from 'node:path';
import type { Mixdown } from '../../engine/channels/Mixdown.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { FrequencyRange } from '../../engine/core/FrequencyRange.ts';
import { nameKey } from '../../engine/core/fileName.ts';
import { paired } from '../../engine/core/paired.ts';
import { clippingRemarks } from '../../engine/core/pcm16.ts';
import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import type { AdaptedPresets, JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { AlignedStream } from '../../engine/recording/AlignedStream.ts';
import { offlineSeparator } from '../../engine/recording/offlineSeparator.ts';
import { type LatencyMode, planStft } from '../../engine/stft/StftPlan.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import type { SoundWriter, TrackFile } from '../audio/SoundWriter.ts';
import { createTrack, type TrackFormat, trackExtension } from '../audio/trackFormats.ts';
import { type OutputRules, requireOutputs } from '../files/outputs.ts';

export interface FileSeparationOptions {
  readonly mixturePath: string;
  /** Name of the mixture in texts for the user. @default its path */
  readonly mixtureName?: string;
  /** Weights of the mixture's channels. @default their mean */
  readonly mixdown?: Mixdown;
  /** Frequencies of the mixture that have sound. @default all */
  readonly band?: FrequencyRange | null;
  /** Constant offset (DC) of the mixture, removed if it is large. @default 0 */
  readonly offset?: number;
  readonly presets: readonly Preset[];
  /** Joint adaptation of the presets; null: none. @default null */
  readonly adaptation?: JointAdaptation | null;
  /** Folder of the files; null only with `piped`. */
  readonly outFolder: string | null;
  /** The only voice that is written, to another program instead of a file. @default null: each voice is written to a file */
  readonly piped?: PipedVoice | null;
  /** Files besides the mixture that must not be overwritten, not even with `isReplacing`. */
  readonly protectedPaths?: readonly string[];
  /** Whether files of the outputs' names in the folder are replaced. @default false: they are refused */
  readonly isReplacing?: boolean;
  readonly latency: LatencyMode | Seconds;
  readonly windowSeconds?: Seconds;
  readonly isRestWritten: boolean;
  /** The last preset is the background (other voices and noise); its output is written as the rest. @default false */
  readonly isLastBackground?: boolean;
  /** The presets and then the background, adapted, to recognise sound of voices that are not loaded; null: none. @default null */
  readonly background?: AdaptedPresets | null;
  /** Iterates each frame until its activations have settled, however long that takes. */
  readonly isOffline: boolean;
  readonly format: TrackFormat;
  /** Called with each block written: the mixture and one array per output, aligned. Valid during the call. */
  readonly onBlock?: (mixture: Float32Array, outputs: readonly Float32Array[]) => void;
  /** @param fraction of the file done, 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
  readonly signal: AbortSignal;
}

/** A voice whose sound another program reads. */
export interface PipedVoice {
  /** Index of the voice among the presets. */
  readonly voice: number;
  readonly open: (sampleRateHertz: Hertz) => Promise<SoundWriter>;
}

export interface SeparatedFile {
  /** null for the rest. */
  readonly speaker: string | null;
  readonly path: string;
  /** Number of samples over full scale, clipped by pcm16 and flac. */
  readonly clippedSamples: number;
}

export interface FileSeparationResult {
  readonly files: readonly SeparatedFile[];
  readonly sampleRateHertz: Hertz;
  readonly channels: number;
  readonly samples: Samples;
  readonly windowSamples: Samples;
  readonly hopSamples: Samples;
  readonly latencySamples: Samples;
  /** Duration of the sound over the elapsed time, including reading and writing. */
  readonly realTimeFactor: number;
  readonly frames: number;
  readonly meanIterations: number;
  /** null if the engine did not measure it. */
  readonly meanRelativeGap: number | null;
  readonly largestRelativeGap: number | null;
  /** What is wrong with the mixture and what was done about it, one line each for the user. */
  readonly remarks: readonly string[];
}

/**
 * Paths of the files that a separation writes, one for each voice and then the rest. Voices of the same name are numbered.
 * @param voices presets without the background
 */
export function outputPaths(
  outFolder: string,
  voices: readonly Pick<Preset, 'name'>[],
  isRestWritten: boolean,
  format: TrackFormat,
): string[] {
  const taken = new Set(isRestWritten ? ['rest'] : []);
  const names = voices.map(({ name }) => {
    let unique = name;
    for (let number = 2; taken.has(nameKey(unique)); number++) unique = `${name}-${number}`;
    taken.add(nameKey(unique));
    return unique;
  });
  return [...names, ...(isRestWritten ? ['rest'] : [])].map((name) =>
    join(outFolder, `${name}${trackExtension(format)}`),
  );
}

/**
 * Separates a file with the live engine, block by block, in constant memory. The outputs are aligned with the mixture and have its
 * length: the latency is cut from their start and flushed at their end. A large constant offset (DC) of the mixture is in no voice, only in
 * the rest.
 * @throws InputError as AudioFileReader, planStft, sampleSpeakerSet, requireOutputs and createTrack do; then no file is left behind
 */
export async function separateFile(options: FileSeparationOptions): Promise<FileSeparationResult> {
  const { presets, signal, mixturePath, isLastBackground = false, piped = null } = options;
  const voices = isLastBackground ? presets.slice(0, -1) : presets;
  // The background's output is the rest.
  const isRestWritten = options.isRestWritten && !isLastBackground;
  const startMilliseconds = performance.now();
  const reader = await AudioFileReader.open(mixturePath, options.mixtureName);
  const { sampleRateHertz } = reader;
  const files: TrackFile[] = [];
  const writers: SoundWriter[] = [];
  try {
    const { latency, windowSeconds } = options;
    const plan = planStft({ sampleRateHertz, latency, ...(windowSeconds === undefined ? {} : { windowSeconds }) });
    const separator = offlineSeparator({ ...options, plan, isRestSeparated: isRestWritten });
    if (piped === null) {
      for (const path of await freePaths(options, voices)) {
        const mode = options.isReplacing === true ? 'replace' : 'create';
        const file = await createTrack(path, sampleRateHertz, options.format, mode);
        files.push(file);
        writers.push(file);
      }
    } else writers.push(await piped.open(sampleRateHertz));
    const stream = new AlignedStream(separator, {
      speakers: presets.length,
      hasRest: isRestWritten,
      offset: options.offset ?? 0,
      isOffsetKept: isRestWritten || isLastBackground,
      plan,
    });
    const pass = async (block: Float32Array, isTail: boolean) => {
      signal.throwIfAborted();
      const outputs = stream.process(block, isTail);
      const written = piped === null ? outputs : outputs.slice(piped.voice, piped.voice + 1);
      for (const [writer, output] of paired(writers, written)) await writer.write(output);
      options.onBlock?.(isTail ? block.subarray(0, 0) : block, outputs);
      options.onProgress?.(reader.fractionRead);
    };
    for await (const block of reader.blocks(options.mixdown)) await pass(block, false);
    await pass(new Float32Array(separator.latencySamples), true);
    for (const writer of writers) await writer.close();
    return {
      files: files.map(({ path, clippedSamples }, index) => ({
        speaker: voices[index]?.name ?? null,
        path,
        clippedSamples,
      })),
      sampleRateHertz,
      channels: reader.channels,
      samples: stream.samples,
      windowSamples: plan.windowSamples,
      hopSamples: plan.hopSamples,
      latencySamples: separator.latencySamples,
      realTimeFactor: stream.samples / sampleRateHertz / ((performance.now() - startMilliseconds) / 1000),
      ...stream.statistics(),
      remarks: [
        ...reader.remarks,
        ...stream.remarks(reader.name),
        ...(piped === null ? [] : pipedRemarks(presets[piped.voice], writers)),
      ],
    };
  } catch (error) {
    for (const writer of writers) await writer.abort();
    throw error;
  } finally {
    await reader.close();
  }
}

/** @throws InputError as requireOutputs, or if there is no folder */
async function freePaths(options: FileSeparationOptions, voices: readonly Preset[]): Promise<string[]> {
  const { outFolder, format, isRestWritten, isLastBackground = false } = options;
  if (outFolder === null) throw new InputError('outFolder must be a folder unless a voice is piped, got null');
  const paths = outputPaths(outFolder, voices, isRestWritten || isLastBackground, format);
  await requireOutputs(paths, separationRules(options));
  return paths;
}

function pipedRemarks(preset: Preset | undefined, writers: readonly SoundWriter[]): string[] {
  const clippedSamples = writers.reduce((sum, writer) => sum + writer.clippedSamples, 0);
  return clippingRemarks(String(preset?.name), clippedSamples);
}

/** @returns remarks on the written files for the user, one line each */
export function separationRemarks({
  files,
  remarks: inputRemarks,
}: Pick<FileSeparationResult, 'remarks' | 'files'>): string[] {
  const remarks = [...inputRemarks];
  for (const { path, clippedSamples } of files) {
    if (clippedSamples > 0)
      remarks.push(`${path}: ${clippedSamples} samples over full scale were clipped; float32 keeps them`);
  }
  return remarks;
}

/** @returns what the files of a separation may replace */
export function separationRules({
  mixturePath,
  protectedPaths = [],
  isReplacing = false,
}: Pick<FileSeparationOptions, 'mixturePath' | 'protectedPaths' | 'isReplacing'>): OutputRules {
  return {
    inputs: [mixturePath, ...protectedPaths],
    isReplacing,
    alternative: 'choose another folder with --out',
  };
}

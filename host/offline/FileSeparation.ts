import { join } from 'node:path';
import { nameKey } from '../../engine/core/fileName.ts';
import { paired } from '../../engine/core/paired.ts';
import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import { adaptSpeakerSet, type JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { type LatencyMode, planStft } from '../../engine/stft/StftPlan.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { type WavSampleFormat, WavWriter } from '../audio/WavWriter.ts';
import { type OutputRules, requireOutputs } from '../files/outputs.ts';

export interface FileSeparationOptions {
  readonly mixturePath: string;
  readonly presets: readonly Preset[];
  /** Joint adaptation of the presets; null: none. @default null */
  readonly adaptation?: JointAdaptation | null;
  readonly outFolder: string;
  /** Files besides the mixture that must not be overwritten, not even with `isReplacing`. */
  readonly protectedPaths?: readonly string[];
  /** Whether files of the outputs' names in the folder are replaced. @default false: they are refused */
  readonly isReplacing?: boolean;
  readonly latency: LatencyMode | Seconds;
  readonly windowSeconds?: Seconds;
  readonly isRestWritten: boolean;
  /** The last preset is the background (other voices and noise); its output is written as the rest. @default false */
  readonly isLastBackground?: boolean;
  /** Iterates each frame until its activations have settled, however long that takes. */
  readonly isOffline: boolean;
  readonly format: WavSampleFormat;
  /** Called with each block written: the mixture and one array per output, aligned. Valid during the call. */
  readonly onBlock?: (mixture: Float32Array, outputs: readonly Float32Array[]) => void;
  /** @param fraction of the file done, 0 to 1 */
  readonly onProgress?: (fraction: number) => void;
  readonly signal: AbortSignal;
}

export interface SeparatedFile {
  /** null for the rest. */
  readonly speaker: string | null;
  readonly path: string;
  /** Number of samples over full scale, clipped by pcm16. */
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
}

/** Limit for offline separation, far above the iterations in which a frame settles. */
const OFFLINE_ITERATIONS = 200;

/**
 * Paths of the files that a separation writes, one for each voice and then the rest. Voices of the same name are numbered.
 * @param voices presets without the background
 */
export function outputPaths(outFolder: string, voices: readonly Preset[], isRestWritten: boolean): string[] {
  const taken = new Set(isRestWritten ? ['rest'] : []);
  const names = voices.map(({ name }) => {
    let unique = name;
    for (let number = 2; taken.has(nameKey(unique)); number++) unique = `${name}-${number}`;
    taken.add(nameKey(unique));
    return unique;
  });
  return [...names, ...(isRestWritten ? ['rest'] : [])].map((name) => join(outFolder, `${name}.wav`));
}

/**
 * Separates a file with the live engine, block by block, in constant memory. The outputs are aligned with the mixture and have its
 * length: the latency is cut from their start and flushed at their end.
 * @throws InputError as AudioFileReader, planStft, sampleSpeakerSet, requireOutputs and WavWriter do; then no file is left behind
 */
export async function separateFile(options: FileSeparationOptions): Promise<FileSeparationResult> {
  const { presets, outFolder, signal, mixturePath, isLastBackground = false } = options;
  const voices = isLastBackground ? presets.slice(0, -1) : presets;
  // The background's output is the rest.
  const isRestWritten = options.isRestWritten && !isLastBackground;
  const startMilliseconds = performance.now();
  const reader = await AudioFileReader.open(mixturePath);
  const { sampleRateHertz } = reader;
  const writers: WavWriter[] = [];
  try {
    const { latency, windowSeconds } = options;
    const plan = planStft({ sampleRateHertz, latency, ...(windowSeconds === undefined ? {} : { windowSeconds }) });
    const parameters = {
      rest: isRestWritten ? 1 : 0,
      ...(options.isOffline ? { iterations: OFFLINE_ITERATIONS } : {}),
    };
    const sampled = sampleSpeakerSet(presets, plan);
    const { adaptation = null } = options;
    const separator = new Separator(adaptation === null ? sampled : adaptSpeakerSet(sampled, adaptation), {
      parameters,
    });
    const paths = outputPaths(outFolder, voices, options.isRestWritten || isLastBackground);
    const mode = options.isReplacing === true ? 'replace' : 'create';
    await requireOutputs(paths, separationRules(options));
    for (const path of paths) writers.push(await WavWriter.create(path, sampleRateHertz, options.format, mode));
    const stream = new AlignedStream(separator, presets.length, isRestWritten, plan.hopSamples);
    const pass = async (block: Float32Array, isTail: boolean) => {
      signal.throwIfAborted();
      const outputs = stream.process(block, isTail);
      for (const [writer, output] of paired(writers, outputs)) await writer.write(output);
      options.onBlock?.(isTail ? block.subarray(0, 0) : block, outputs);
      options.onProgress?.(reader.fractionRead);
    };
    for await (const block of reader.blocks()) await pass(block, false);
    await pass(new Float32Array(separator.latencySamples), true);
    for (const writer of writers) await writer.close();
    return {
      files: writers.map((writer, index) => ({
        speaker: voices[index]?.name ?? null,
        path: writer.path,
        clippedSamples: writer.clippedSamples,
      })),
      sampleRateHertz,
      channels: reader.channels,
      samples: stream.samples,
      windowSamples: plan.windowSamples,
      hopSamples: plan.hopSamples,
      latencySamples: separator.latencySamples,
      realTimeFactor: stream.samples / sampleRateHertz / ((performance.now() - startMilliseconds) / 1000),
      ...stream.statistics(),
    };
  } catch (error) {
    for (const writer of writers) await writer.abort();
    throw error;
  } finally {
    await reader.close();
  }
}

/** @returns remarks on the written files for the user, one line each */
export function separationRemarks(
  mixturePath: string,
  { channels, files }: Pick<FileSeparationResult, 'channels' | 'files'>,
): string[] {
  const remarks = channels > 1 ? [`${mixturePath}: ${channels} channels were averaged to one`] : [];
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

/** Drops the latency from a separator's outputs and collects statistics of each frame. */
class AlignedStream {
  /** Input samples so far. */
  samples: Samples = 0;
  private readonly separator: Separator;
  private readonly outputCount: number;
  private readonly hops: readonly Float32Array[];
  private readonly hopOutputs: { readonly speakers: readonly Float32Array[]; readonly rest?: Float32Array };
  private readonly hopSamples: Samples;
  private samplesToSkip: Samples;
  private iterations = 0;
  private gaps = 0;
  private largestGap = 0;

  constructor(separator: Separator, speakers: number, hasRest: boolean, hopSamples: Samples) {
    this.separator = separator;
    this.outputCount = speakers + (hasRest ? 1 : 0);
    this.hopSamples = hopSamples;
    this.samplesToSkip = separator.latencySamples;
    this.hops = Array.from({ length: this.outputCount }, () => new Float32Array(hopSamples));
    this.hopOutputs = { speakers: this.hops.slice(0, speakers), ...(hasRest ? { rest: this.hops[speakers]! } : {}) };
  }

  /** Processes one hop at a time, so that each frame's telemetry is read. @returns the part of the outputs that belongs to the file */
  process(block: Float32Array, isTail: boolean): Float32Array[] {
    const outputs = this.hops.map(() => new Float32Array(block.length));
    for (let offset = 0; offset < block.length; offset += this.hopSamples) {
      const input = block.subarray(offset, offset + this.hopSamples);
      const { frames } = this.separator.telemetry;
      this.separator.process(input, this.hopOutputs);
      for (let index = 0; index < this.outputCount; index++)
        outputs[index]!.set(this.hops[index]!.subarray(0, input.length), offset);
      if (this.separator.telemetry.frames > frames) this.countFrame();
    }
    if (!isTail) this.samples += block.length;
    const skipped = Math.min(this.samplesToSkip, block.length);
    this.samplesToSkip -= skipped;
    return outputs.map((output) => output.subarray(skipped));
  }

  statistics() {
    const { frames } = this.separator.telemetry;
    const isGapKnown = this.largestGap > 0;
    return {
      frames,
      meanIterations: frames === 0 ? 0 : this.iterations / frames,
      meanRelativeGap: isGapKnown ? this.gaps / frames : null,
      largestRelativeGap: isGapKnown ? this.largestGap : null,
    };
  }

  private countFrame(): void {
    const { iterations, relativeGap } = this.separator.telemetry;
    this.iterations += iterations;
    this.gaps += relativeGap;
    this.largestGap = Math.max(this.largestGap, relativeGap);
  }
}

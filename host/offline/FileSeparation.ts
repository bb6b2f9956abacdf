import { join } from 'node:path';
import { DcBlocker, SMALLEST_REMOVED_OFFSET } from '../../engine/channels/DcBlocker.ts';
import { CircularBuffer } from '../../engine/core/CircularBuffer.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { FrequencyRange } from '../../engine/core/FrequencyRange.ts';
import { nameKey } from '../../engine/core/fileName.ts';
import { paired } from '../../engine/core/paired.ts';
import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import { withBackgroundModel } from '../../engine/model/backgroundModel.ts';
import { type AdaptedPresets, adaptSpeakerSet, type JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { FREQUENCY_SCALES, sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { type LatencyMode, planStft, type StftPlan } from '../../engine/stft/StftPlan.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import type { Mixdown } from '../audio/Mixdown.ts';
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

/** Limit for offline separation, far above the iterations in which a frame settles. */
const OFFLINE_ITERATIONS = 200;

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
    const parameters = {
      rest: isRestWritten ? 1 : 0,
      ...(options.isOffline ? { iterations: OFFLINE_ITERATIONS } : {}),
    };
    const speakerSet = (speakers: readonly Preset[], adaptation: JointAdaptation | null) => {
      const sampled = sampleSpeakerSet(speakers, plan, FREQUENCY_SCALES, options.band ?? null);
      return adaptation === null ? sampled : adaptSpeakerSet(sampled, adaptation);
    };
    const { adaptation = null, background = null } = options;
    const known = speakerSet(presets, adaptation);
    const loaded =
      background === null || !isRestWritten
        ? known
        : withBackgroundModel(known, speakerSet(background.presets, background.adaptation));
    const separator = new Separator(loaded, { parameters });
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
      isOffsetRemoved: Math.abs(options.offset ?? 0) >= SMALLEST_REMOVED_OFFSET,
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
  return clippedSamples === 0 ? [] : [`${preset?.name}: ${clippedSamples} samples over full scale were clipped`];
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

interface StreamOutputs {
  readonly speakers: number;
  readonly hasRest: boolean;
  readonly isOffsetRemoved: boolean;
  /** Whether the last output keeps the removed offset. */
  readonly isOffsetKept: boolean;
  readonly plan: StftPlan;
}

/** Removes a constant offset, drops the latency from a separator's outputs and collects statistics of each frame. */
class AlignedStream {
  /** Input samples so far. */
  samples: Samples = 0;
  private readonly separator: Separator;
  private readonly outputCount: number;
  private readonly hops: readonly Float32Array[];
  private readonly hopOutputs: { readonly speakers: readonly Float32Array[]; readonly rest: Float32Array };
  private readonly hopSamples: Samples;
  /** Null if the offset is not removed. */
  private readonly blocker: DcBlocker | null;
  /** The removed offset, delayed like the outputs; null: no output keeps it. */
  private readonly offsetDelay: CircularBuffer | null;
  private offsetSum = 0;
  private samplesToSkip: Samples;
  private iterations = 0;
  private gaps = 0;
  private largestGap = 0;

  constructor(separator: Separator, { speakers, hasRest, isOffsetRemoved, isOffsetKept, plan }: StreamOutputs) {
    const { hopSamples, sampleRateHertz } = plan;
    this.separator = separator;
    this.blocker = isOffsetRemoved ? new DcBlocker(sampleRateHertz) : null;
    this.offsetDelay = isOffsetKept ? new CircularBuffer(separator.latencySamples) : null;
    this.outputCount = speakers + (hasRest ? 1 : 0);
    this.hopSamples = hopSamples;
    this.samplesToSkip = separator.latencySamples;
    this.hops = Array.from({ length: this.outputCount }, () => new Float32Array(hopSamples));
    this.hopOutputs = {
      speakers: this.hops.slice(0, speakers),
      rest: this.hops[speakers] ?? new Float32Array(hopSamples),
    };
  }

  /** Processes one hop at a time, so that each frame's telemetry is read. @returns the part of the outputs that belongs to the file */
  process(block: Float32Array, isTail: boolean): Float32Array[] {
    const outputs = this.hops.map(() => new Float32Array(block.length));
    const clean = block.slice();
    const constant = new Float32Array(block.length);
    // The tail is silence that only flushes the outputs.
    if (!isTail) this.blocker?.process(clean, constant);
    for (let offset = 0; offset < block.length; offset += this.hopSamples) {
      const input = clean.subarray(offset, offset + this.hopSamples);
      const { frames } = this.separator.telemetry;
      this.separator.process(input, this.hopOutputs);
      for (let index = 0; index < this.outputCount; index++)
        outputs[index]!.set(this.hops[index]!.subarray(0, input.length), offset);
      if (this.separator.telemetry.frames > frames) this.countFrame();
    }
    this.keepOffset(constant, outputs[this.outputCount - 1]);
    if (!isTail) this.samples += block.length;
    const skipped = Math.min(this.samplesToSkip, block.length);
    this.samplesToSkip -= skipped;
    return outputs.map((output) => output.subarray(skipped));
  }

  /** @returns a line for the user if the mixture had a constant offset */
  remarks(name: string): string[] {
    const offset = this.samples === 0 ? 0 : this.offsetSum / this.samples;
    if (this.blocker === null) return [];
    return [`${name}: has a constant offset (DC) of ${offset.toFixed(3)}, which was kept out of the voices`];
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

  /** Adds the offset to the output that takes what belongs to nobody, so that the outputs sum to the mixture. */
  private keepOffset(constant: Float32Array, rest: Float32Array | undefined): void {
    for (let n = 0; n < constant.length; n++) {
      this.offsetSum += constant[n]!;
      const delayed = this.offsetDelay?.push(constant[n]!);
      if (delayed !== undefined && rest !== undefined) rest[n]! += delayed;
    }
  }

  private countFrame(): void {
    const { iterations, relativeGap } = this.separator.telemetry;
    this.iterations += iterations;
    this.gaps += relativeGap;
    this.largestGap = Math.max(this.largestGap, relativeGap);
  }
}

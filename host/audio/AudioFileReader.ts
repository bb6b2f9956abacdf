import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { SAMPLE_RATE_RANGE_HERTZ } from '../../engine/stft/StftPlan.ts';
import { type AudioFormat, detectAudioFormat, soundStart } from './audioFormat.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import { decodeInThread } from './decodeInThread.ts';
import { FileBytes } from './FileBytes.ts';
import { readStreamFacts } from './streamFacts.ts';
import { wavBlocks } from './wavBlocks.ts';
import { readWavHeader } from './wavHeader.ts';

/** 120 dB over full scale. The engine mutes louder samples as invalid; in a file they are an error. */
const MAXIMUM_MAGNITUDE = 1e6;

/**
 * Reads an audio file as a stream of mono blocks (the mean of all channels), of any length in constant memory. The format is detected from
 * the content, never from the file name.
 */
export class AudioFileReader {
  readonly path: string;
  readonly format: AudioFormat;
  readonly sampleRateHertz: Hertz;
  /** null: the format does not state its duration */
  readonly seconds: Seconds | null;
  private readonly file: FileBytes;
  private readonly progress: { readonly fractionRead: number };
  private readonly decoded: AsyncGenerator<DecodedBlock>;
  private readonly first: DecodedBlock;
  private maximumChannels = 0;

  private constructor(
    file: FileBytes,
    format: AudioFormat,
    { seconds, progress, blocks }: Decoding,
    first: DecodedBlock,
  ) {
    this.path = file.path;
    this.format = format;
    this.seconds = seconds;
    this.progress = progress;
    this.sampleRateHertz = first.sampleRateHertz;
    this.file = file;
    this.decoded = blocks;
    this.first = first;
    this.maximumChannels = first.channels.length;
  }

  /**
   * @throws InputError that names the file, if it is missing, unreadable, empty, not audio, truncated, damaged or without samples, or if its
   * sample rate is not supported
   */
  static async open(path: string): Promise<AudioFileReader> {
    const file = await FileBytes.open(path);
    try {
      if (file.size === 0) throw new InputError(`${path}: is empty`);
      const format = await detectAudioFormat(file);
      if (format === null)
        throw new InputError(`${path}: is not a supported audio file (WAV, FLAC, OGG, Opus, MP3, ...)`);
      const decoding = await startDecoding(file, format);
      const first = await decoding.blocks.next();
      if (first.done) throw new InputError(`${path}: contains no samples`);
      try {
        requireRate(path, first.value.sampleRateHertz);
      } catch (error) {
        await decoding.blocks.return(undefined);
        throw error;
      }
      return new AudioFileReader(file, format, decoding, first.value);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Largest number of channels in the blocks read so far; an MP3 file that starts with silence may turn out to be stereo later. */
  get channels(): number {
    return this.maximumChannels;
  }

  /** Progress: share of the file's bytes that was read, 0 to 1. */
  get fractionRead(): number {
    return this.progress.fractionRead;
  }

  /**
   * The samples; to be called once. The caller owns the blocks. The file is closed at its end, at an error, and when the caller stops early.
   * @throws InputError if the content is damaged, or a sample is not finite or above MAXIMUM_MAGNITUDE
   */
  async *blocks(): AsyncGenerator<Float32Array> {
    let position = 0;
    try {
      let next: IteratorResult<DecodedBlock> = { done: false, value: this.first };
      for (; !next.done; next = await this.decoded.next()) {
        const { channels, sampleRateHertz } = next.value;
        if (sampleRateHertz !== this.sampleRateHertz) {
          throw new InputError(
            `${this.path}: changes its sample rate from ${this.sampleRateHertz} to ${sampleRateHertz} Hz at ${this.timeOf(position)}`,
          );
        }
        this.maximumChannels = Math.max(this.maximumChannels, channels.length);
        const mono = mixDown(channels);
        const invalid = mono.findIndex((sample) => !Number.isFinite(sample));
        if (invalid >= 0) {
          throw new InputError(
            `${this.path}: sample ${position + invalid} (${this.timeOf(position + invalid)}) is not a finite number (${mono[invalid]})`,
          );
        }
        const tooLoud = mono.findIndex((sample) => Math.abs(sample) > MAXIMUM_MAGNITUDE);
        if (tooLoud >= 0) {
          throw new InputError(
            `${this.path}: sample ${position + tooLoud} (${this.timeOf(position + tooLoud)}) must be at most ${MAXIMUM_MAGNITUDE} (full scale is 1), got ${mono[tooLoud]}`,
          );
        }
        position += mono.length;
        yield mono;
      }
    } finally {
      await this.close();
    }
  }

  /** Closes the file. Necessary only if `blocks` was not called. */
  async close(): Promise<void> {
    await this.decoded.return(undefined);
    await this.file.close();
  }

  private timeOf(sample: number): string {
    return `${(sample / this.sampleRateHertz).toFixed(3)} s`;
  }
}

/** A file that is being decoded. */
interface Decoding {
  /** null: the format does not state its duration */
  readonly seconds: Seconds | null;
  readonly progress: { readonly fractionRead: number };
  readonly blocks: AsyncGenerator<DecodedBlock>;
}

async function startDecoding(file: FileBytes, format: AudioFormat): Promise<Decoding> {
  if (format === 'wav') {
    const header = await readWavHeader(file);
    if (header.encoding !== 'other') {
      const samples = Math.floor(header.dataBytes / (header.channels * header.sampleBytes));
      return { seconds: samples / header.sampleRateHertz, progress: file, blocks: wavBlocks(file, header) };
    }
  }
  const facts = await readStreamFacts(file, format);
  const progress = { fractionRead: 0 };
  const job = { path: file.path, format, facts, start: await soundStart(file) };
  const onProgress = (fractionRead: number) => {
    progress.fractionRead = fractionRead;
  };
  return { seconds: facts.seconds, progress, blocks: decodeInThread(job, { onProgress }) };
}

function requireRate(path: string, sampleRateHertz: Hertz): void {
  const { minimum, maximum } = SAMPLE_RATE_RANGE_HERTZ;
  if (sampleRateHertz >= minimum && sampleRateHertz <= maximum) return;
  throw new InputError(`${path}: sample rate must be ${minimum} to ${maximum} Hz, got ${sampleRateHertz} Hz`);
}

function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (others.length === 0) return first!;
  const mono = new Float32Array(first!.length);
  for (let n = 0; n < mono.length; n++) {
    let sum = first![n]!;
    for (let channel = 0; channel < others.length; channel++) sum += others[channel]![n]!;
    mono[n] = sum / channels.length;
  }
  return mono;
}

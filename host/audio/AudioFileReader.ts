import { type Mixdown, mixDown } from '../../engine/channels/Mixdown.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { SAMPLE_RATE_RANGE_HERTZ } from '../../engine/stft/StftPlan.ts';
import type { AudioFormat } from './audioFormats.ts';
import { readAuHeader } from './auHeader.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import { decodeInThread } from './decodeInThread.ts';
import type { LibraryStream } from './decoderMessages.ts';
import { detectFormat, soundStart } from './detectFormat.ts';
import { FileBytes } from './FileBytes.ts';
import { pcmBlocks } from './pcmBlocks.ts';
import type { SoundData } from './SoundData.ts';
import { NO_FACTS, readStreamFacts } from './streamFacts.ts';
import { readWavHeader } from './wavHeader.ts';

/** 120 dB over full scale. The engine mutes louder samples as invalid; in a file they are an error. */
const MAXIMUM_MAGNITUDE = 1e6;

/**
 * Reads an audio file as a stream of blocks, of any length in constant memory. The format is detected from the content, never from the file
 * name. A file that is damaged, truncated or longer than its header states is read as far as it goes, with a remark.
 */
export class AudioFileReader {
  readonly path: string;
  /** What texts for the user call the file. */
  readonly name: string;
  readonly format: AudioFormat;
  readonly sampleRateHertz: Hertz;
  /** null: the format does not state its duration */
  readonly seconds: Seconds | null;
  private readonly file: FileBytes;
  private readonly progress: { readonly fractionRead: number };
  private readonly decoded: AsyncGenerator<DecodedBlock, string | null>;
  private readonly first: DecodedBlock;
  private maximumChannels = 0;
  private readonly found: string[] = [];

  private constructor(
    file: FileBytes,
    format: AudioFormat,
    { seconds, progress, blocks, remark }: Decoding,
    first: DecodedBlock,
  ) {
    this.path = file.path;
    this.name = file.name;
    if (remark !== null) this.found.push(remark);
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
   * @param name of the file in texts for the user
   * @throws InputError that names the file, if it is missing, unreadable, empty, not audio or without samples, or if its format or sample
   * rate is not supported
   */
  static async open(path: string, name = path): Promise<AudioFileReader> {
    const file = await FileBytes.open(path, name);
    try {
      if (file.size === 0) throw new InputError(`${name}: is empty`);
      const format = await detectFormat(file);
      const decoding = await startDecoding(file, format);
      const first = await decoding.blocks.next();
      if (first.done) throw new InputError(first.value ?? `${name}: contains no samples`);
      try {
        requireRate(name, first.value.sampleRateHertz);
      } catch (error) {
        await decoding.blocks.return(null);
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

  /** What is wrong with the file although it can be read, one line each for the user; complete when all blocks have been read. */
  get remarks(): readonly string[] {
    return this.found;
  }

  /**
   * The samples as one channel; see `channelBlocks`.
   * @param mixdown weights of the channels; null: their mean
   */
  async *blocks(mixdown: Mixdown = null): AsyncGenerator<Float32Array> {
    for await (const channels of this.channelBlocks()) yield mixDown(channels, mixdown);
  }

  /**
   * The samples of all channels: arrays of the same length, at least one; their number may rise within a file. To be called once, or
   * `blocks`. The caller owns the arrays. The file is closed at its end, at an error, and when the caller stops early.
   * @throws InputError if a sample is not finite or above MAXIMUM_MAGNITUDE, or the sample rate changes
   */
  async *channelBlocks(): AsyncGenerator<readonly Float32Array[]> {
    let position = 0;
    try {
      let next: IteratorResult<DecodedBlock, string | null> = { done: false, value: this.first };
      for (; !next.done; next = await this.decoded.next()) {
        const { channels, sampleRateHertz } = next.value;
        if (sampleRateHertz !== this.sampleRateHertz) {
          throw new InputError(
            `${this.name}: changes its sample rate from ${this.sampleRateHertz} to ${sampleRateHertz} Hz at ${this.timeOf(position)}`,
          );
        }
        this.maximumChannels = Math.max(this.maximumChannels, channels.length);
        for (const channel of channels) this.requireValid(channel, position);
        position += channels[0]?.length ?? 0;
        yield channels;
      }
      if (next.value !== null) this.found.push(next.value);
    } finally {
      await this.close();
    }
  }

  /** Closes the file. Necessary only if `blocks` was not called. */
  async close(): Promise<void> {
    await this.decoded.return(null);
    await this.file.close();
  }

  private requireValid(samples: Float32Array, position: number): void {
    const invalid = samples.findIndex((sample) => !(Math.abs(sample) <= MAXIMUM_MAGNITUDE));
    if (invalid < 0) return;
    const sample = samples[invalid]!;
    const place = `${this.name}: sample ${position + invalid} (${this.timeOf(position + invalid)})`;
    if (!Number.isFinite(sample)) throw new InputError(`${place} is not a finite number (${sample})`);
    throw new InputError(`${place} must be at most ${MAXIMUM_MAGNITUDE} (full scale is 1), got ${sample}`);
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
  /** Return a remark for the user. */
  readonly blocks: AsyncGenerator<DecodedBlock, string | null>;
  /** What is wrong with the header, one line for the user; null: nothing. */
  readonly remark: string | null;
}

async function startDecoding(file: FileBytes, format: AudioFormat): Promise<Decoding> {
  if (format === 'wav') return decodeSound(file, await readWavHeader(file, 'riff'));
  if (format === 'w64') return decodeSound(file, await readWavHeader(file, 'w64'));
  if (format === 'au') return decodeSound(file, await readAuHeader(file));
  const facts = await readStreamFacts(file, format);
  return decodeStream(file, { format, facts, start: await soundStart(file), end: null, header: null });
}

function decodeSound(file: FileBytes, sound: SoundData): Decoding {
  const { encoding, channels, sampleBytes, sampleRateHertz, dataOffset, dataBytes, formatChunk, remark } = sound;
  if (encoding === 'mp3' || (encoding === 'other' && formatChunk !== null)) {
    const isMp3 = encoding === 'mp3';
    const stream = decodeStream(file, {
      format: isMp3 ? 'mp3' : 'wav',
      facts: NO_FACTS,
      start: dataOffset,
      end: dataOffset + dataBytes,
      header: isMp3 || formatChunk === null ? null : wavHeaderOf(formatChunk),
    });
    return { ...stream, remark };
  }
  const samples = Math.floor(dataBytes / (channels * sampleBytes));
  return { seconds: samples / sampleRateHertz, progress: file, blocks: pcmBlocks(file, sound), remark };
}

function decodeStream(file: FileBytes, stream: LibraryStream): Decoding {
  const progress = { fractionRead: 0 };
  const onProgress = (fractionRead: number) => {
    progress.fractionRead = fractionRead;
  };
  const blocks = decodeInThread({ path: file.path, name: file.name, ...stream }, { onProgress });
  return { seconds: stream.facts.seconds, progress, blocks, remark: null };
}

/** @returns a WAV header of unknown length with this format chunk, for the decoder of `audio-decode` */
function wavHeaderOf(formatChunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(28 + formatChunk.length);
  const view = new DataView(bytes.buffer);
  const text = (offset: number, characters: string) => {
    for (let n = 0; n < characters.length; n++) bytes[offset + n] = characters.charCodeAt(n);
  };
  text(0, 'RIFF');
  view.setUint32(4, 0xffff_ffff, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, formatChunk.length, true);
  bytes.set(formatChunk, 20);
  text(20 + formatChunk.length, 'data');
  view.setUint32(24 + formatChunk.length, 0xffff_ffff, true);
  return bytes;
}

function requireRate(name: string, sampleRateHertz: Hertz): void {
  const { minimum, maximum } = SAMPLE_RATE_RANGE_HERTZ;
  if (sampleRateHertz >= minimum && sampleRateHertz <= maximum) return;
  throw new InputError(`${name}: sample rate must be ${minimum} to ${maximum} Hz, got ${sampleRateHertz} Hz`);
}

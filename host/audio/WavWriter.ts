import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { encodePcm16 } from '../../engine/core/pcm16.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import { createFolder } from '../files/createFolder.ts';
import { fileError } from '../files/fileErrors.ts';
import {
  openPartial,
  type PartialFile,
  publishPartial,
  requireWritable,
  type WriteMode,
} from '../files/partialFile.ts';
import type { TrackFile } from './SoundWriter.ts';

export type WavSampleFormat = 'float32' | 'pcm16';
export const WAV_SAMPLE_FORMATS: readonly WavSampleFormat[] = ['float32', 'pcm16'];

const CODES = { float32: 3, pcm16: 1 } as const;
const SAMPLE_BYTES = { float32: 4, pcm16: 2 } as const;
/** RIFF stores its size in 32 bits. */
const MAXIMUM_FILE_BYTES = 2 ** 32 - 1;
const HEADER_BYTES = 58;

/**
 * Writes a mono WAV file as a stream. The file appears under its name when it is complete; until then it is a hidden temporary file in the
 * same folder, which `abort` removes. A recording instead has its name from the start and a header that is valid after each write, so it
 * is readable after a crash.
 */
export class WavWriter implements TrackFile {
  readonly path: string;
  /** The same as `path` for a recording. */
  private readonly partialPath: string;
  private readonly handle: FileHandle;
  private readonly mode: WriteMode;
  private readonly sampleRateHertz: Hertz;
  private readonly format: WavSampleFormat;
  private samples = 0;
  private clipped = 0;
  private isOpen = true;

  private constructor(
    path: string,
    partial: PartialFile,
    sampleRateHertz: Hertz,
    format: WavSampleFormat,
    mode: WriteMode,
  ) {
    this.path = path;
    this.partialPath = partial.path;
    this.handle = partial.handle;
    this.mode = mode;
    this.sampleRateHertz = sampleRateHertz;
    this.format = format;
  }

  /**
   * Creates the folder if it is missing.
   * @param mode `create`: an existing file is kept; `replace`: it is replaced on `close`
   * @throws InputError if nothing can be written there
   */
  static async create(
    path: string,
    sampleRateHertz: Hertz,
    format: WavSampleFormat,
    mode: WriteMode = 'create',
  ): Promise<WavWriter> {
    return WavWriter.open(path, () => openPartial(path), sampleRateHertz, format, mode);
  }

  /**
   * Starts a recording.
   * @throws InputError if the file exists, or nothing can be written there
   */
  static async record(path: string, sampleRateHertz: Hertz): Promise<WavWriter> {
    const openNew = async () => ({ path, handle: await open(path, 'wx') });
    return WavWriter.open(path, openNew, sampleRateHertz, 'float32', 'create');
  }

  private static async open(
    path: string,
    openFile: () => Promise<PartialFile>,
    sampleRateHertz: Hertz,
    format: WavSampleFormat,
    mode: WriteMode,
  ): Promise<WavWriter> {
    await requireWritable(path, mode);
    try {
      await createFolder(dirname(path));
      const partial = await openFile();
      const writer = new WavWriter(path, partial, sampleRateHertz, format, mode);
      await partial.handle.write(writer.header(), 0, HEADER_BYTES, 0).catch(async (error) => {
        await writer.abort();
        throw error;
      });
      return writer;
    } catch (error) {
      throw fileError(error, 'cannot write', path);
    }
  }

  /** Number of samples clipped to full scale in pcm16; always 0 in float32. */
  get clippedSamples(): number {
    return this.clipped;
  }

  /** Size of the file as written so far. */
  get bytes(): number {
    return HEADER_BYTES + this.samples * SAMPLE_BYTES[this.format];
  }

  /** @throws InputError if the disk is full, or the file would exceed 4 GB */
  async write(samples: Float32Array): Promise<void> {
    const offset = this.bytes;
    const bytes = this.encode(samples);
    this.requireRoom(bytes.length);
    try {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await this.handle.write(bytes, written, bytes.length - written, offset + written);
        written += bytesWritten;
      }
      this.samples += samples.length;
      if (this.isRecording) await this.handle.write(this.header(), 0, HEADER_BYTES, 0);
    } catch (error) {
      throw fileError(error, 'cannot write', this.path);
    }
  }

  /**
   * Appends silence without writing it: file systems keep no data for it.
   * @throws InputError if the disk is full, or the file would exceed 4 GB
   */
  async skip(sampleCount: Samples): Promise<void> {
    this.requireRoom(sampleCount * SAMPLE_BYTES[this.format]);
    this.samples += sampleCount;
    try {
      await this.handle.truncate(this.bytes);
      if (this.isRecording) await this.handle.write(this.header(), 0, HEADER_BYTES, 0);
    } catch (error) {
      this.samples -= sampleCount;
      throw fileError(error, 'cannot write', this.path);
    }
  }

  /** Cuts the end off if there are more samples than these. @throws InputError if the file cannot be changed */
  async shorten(sampleCount: Samples): Promise<void> {
    if (this.samples <= sampleCount) return;
    this.samples = sampleCount;
    try {
      await this.handle.truncate(this.bytes);
    } catch (error) {
      throw fileError(error, 'cannot write', this.path);
    }
  }

  /** Completes the header and renames the partial file. @throws InputError if that fails, or a file of this name has appeared */
  async close(): Promise<void> {
    try {
      await this.handle.write(this.header(), 0, HEADER_BYTES, 0);
      await this.handle.close();
      this.isOpen = false;
      if (!this.isRecording) await publishPartial(this.partialPath, this.path, this.mode);
    } catch (error) {
      throw fileError(error, 'cannot write', this.path);
    }
  }

  /** Closes and removes the unfinished file. */
  async abort(): Promise<void> {
    if (this.isOpen) await this.handle.close();
    this.isOpen = false;
    await rm(this.partialPath, { force: true });
  }

  private requireRoom(bytes: number): void {
    if (this.bytes + bytes <= MAXIMUM_FILE_BYTES) return;
    throw new InputError(
      `cannot write ${this.path}: a WAV file holds at most 4 GB (${Math.floor(this.bytes / SAMPLE_BYTES[this.format] / this.sampleRateHertz)} s here); split the input${this.format === 'float32' ? ' or choose pcm16' : ''}`,
    );
  }

  private get isRecording(): boolean {
    return this.partialPath === this.path;
  }

  private encode(samples: Float32Array): Uint8Array {
    if (this.format === 'float32') {
      const copy = new DataView(new ArrayBuffer(4 * samples.length));
      for (let n = 0; n < samples.length; n++) copy.setFloat32(4 * n, samples[n]!, true);
      return new Uint8Array(copy.buffer);
    }
    const { bytes, clippedSamples } = encodePcm16(samples);
    this.clipped += clippedSamples;
    return bytes;
  }

  /** RIFF with an 18-byte format chunk and a fact chunk, as formats other than plain integers need; integers allow both. */
  private header(): Uint8Array {
    const sampleBytes = SAMPLE_BYTES[this.format];
    const dataBytes = this.samples * sampleBytes;
    const view = new DataView(new ArrayBuffer(HEADER_BYTES));
    const text = (offset: number, value: string) => {
      for (let n = 0; n < value.length; n++) view.setUint8(offset + n, value.charCodeAt(n));
    };
    text(0, 'RIFF');
    view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
    text(8, 'WAVEfmt ');
    view.setUint32(16, 18, true);
    view.setUint16(20, CODES[this.format], true);
    view.setUint16(22, 1, true);
    view.setUint32(24, this.sampleRateHertz, true);
    view.setUint32(28, this.sampleRateHertz * sampleBytes, true);
    view.setUint16(32, sampleBytes, true);
    view.setUint16(34, 8 * sampleBytes, true);
    text(38, 'fact');
    view.setUint32(42, 4, true);
    view.setUint32(46, this.samples, true);
    text(50, 'data');
    view.setUint32(54, dataBytes, true);
    return new Uint8Array(view.buffer);
  }
}

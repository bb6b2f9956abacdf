import { type FileHandle, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import createEncoder, { type StreamEncoder } from '@audio/encode-flac';
import { FLAC_SAMPLE_COUNT_OFFSET, flacSampleCount } from '../../engine/core/flacHeader.ts';
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

const BITS = 24;
/** Largest and smallest sample that 24 bits hold. */
const FULL_SCALE = { maximum: 1, minimum: -(2 ** (BITS - 1)) / (2 ** (BITS - 1) - 1) } as const;
/** Samples are encoded in parts of this many, so that nothing else waits for long. */
const PART_SAMPLES: Samples = 65_536;

/** Writes a mono FLAC file of 24 bits as a stream. The file appears under its name when it is complete, as with `WavWriter`. */
export class FlacWriter implements TrackFile {
  readonly path: string;
  private readonly partialPath: string;
  private readonly handle: FileHandle;
  private readonly mode: WriteMode;
  private readonly encoder: StreamEncoder;
  private samples: Samples = 0;
  private bytes = 0;
  private clipped: Samples = 0;
  private isOpen = true;

  private constructor(path: string, partial: PartialFile, encoder: StreamEncoder, mode: WriteMode) {
    this.path = path;
    this.partialPath = partial.path;
    this.handle = partial.handle;
    this.encoder = encoder;
    this.mode = mode;
  }

  /**
   * Creates the folder if it is missing.
   * @param mode `create`: an existing file is kept; `replace`: it is replaced on `close`
   * @throws InputError if nothing can be written there
   */
  static async create(path: string, sampleRateHertz: Hertz, mode: WriteMode = 'create'): Promise<FlacWriter> {
    await requireWritable(path, mode);
    const encoder = await createEncoder({ sampleRate: sampleRateHertz, channels: 1, bitDepth: BITS });
    try {
      await createFolder(dirname(path));
      return new FlacWriter(path, await openPartial(path), encoder, mode);
    } catch (error) {
      encoder.free();
      throw fileError(error, 'cannot write', path);
    }
  }

  get clippedSamples(): Samples {
    return this.clipped;
  }

  /** @throws InputError if the disk is full */
  async write(samples: Float32Array): Promise<void> {
    for (let start = 0; start < samples.length; start += PART_SAMPLES) {
      const part = samples.subarray(start, start + PART_SAMPLES);
      for (const sample of part) if (sample > FULL_SCALE.maximum || sample < FULL_SCALE.minimum) this.clipped++;
      await this.append(this.encoder.encode([part]));
      this.samples += part.length;
    }
  }

  /** Writes what is left and renames the partial file. @throws InputError if that fails, or a file of this name has appeared */
  async close(): Promise<void> {
    // Without a first sample there is no header.
    if (this.samples === 0) await this.append(this.encoder.encode([new Float32Array(0)]));
    await this.append(this.encoder.flush());
    try {
      await this.writeSampleCount();
      await this.handle.close();
      this.isOpen = false;
      await publishPartial(this.partialPath, this.path, this.mode);
    } catch (error) {
      throw fileError(error, 'cannot write', this.path);
    }
  }

  /** Closes and removes the unfinished file. */
  async abort(): Promise<void> {
    this.encoder.free();
    if (this.isOpen) await this.handle.close();
    this.isOpen = false;
    await rm(this.partialPath, { force: true });
  }

  private async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length; ) {
        const { bytesWritten } = await this.handle.write(bytes, written, bytes.length - written, this.bytes);
        written += bytesWritten;
        this.bytes += bytesWritten;
      }
    } catch (error) {
      throw fileError(error, 'cannot write', this.path);
    }
  }

  /** The encoder writes 0: it does not know how much will follow. */
  private async writeSampleCount(): Promise<void> {
    const bytes = flacSampleCount(BITS, this.samples);
    await this.handle.write(bytes, 0, bytes.length, FLAC_SAMPLE_COUNT_OFFSET);
  }
}

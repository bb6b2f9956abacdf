import { constants, type FileHandle, open } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { fileError } from '../files/fileErrors.ts';

/** Large enough that the calls do not count, small enough that an hour of audio passes in constant memory. */
const CHUNK_BYTES = 65_536;

/** A file as bytes: random access for headers, chunks for sound. Every array handed out is the caller's to keep. */
export class FileBytes {
  readonly path: string;
  private readonly handle: FileHandle;
  private measured: number;
  private position = 0;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.measured = size;
    this.handle = handle;
  }

  /** @throws InputError where the file is missing, unreadable or no regular file */
  static async open(path: string): Promise<FileBytes> {
    let handle: FileHandle;
    try {
      // A pipe without a writer would block the opening for ever.
      handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      throw fileError(error, 'cannot read', path);
    }
    const facts = await handle.stat();
    if (facts.isFile()) return new FileBytes(path, facts.size, handle);
    await handle.close();
    throw new InputError(
      `cannot read ${path}: is ${facts.isDirectory() ? 'a folder' : 'a device or pipe'}, not a file`,
    );
  }

  /** As it was when it was opened, or last measured. */
  get size(): number {
    return this.measured;
  }

  /** Looks again: a recording that still runs grows. */
  async measure(): Promise<void> {
    this.measured = (await this.handle.stat()).size;
  }

  /** Share of the file that `chunks` has handed out, 0 to 1. */
  get fractionRead(): number {
    return this.size === 0 ? 1 : Math.min(1, this.position / this.size);
  }

  /** @returns up to `length` bytes from `offset`; fewer only at the end of the file */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.readInto(bytes, filled, offset + filled);
      if (bytesRead === 0) return bytes.slice(0, filled);
      filled += bytesRead;
    }
    return bytes;
  }

  /** The bytes from `start` up to `end`, in order. */
  async *chunks(start = 0, end = this.size, chunkBytes = CHUNK_BYTES): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    this.position = start;
    while (this.position < end) {
      const bytes = await this.read(this.position, Math.min(chunkBytes, end - this.position));
      if (bytes.length === 0) return;
      this.position += bytes.length;
      yield bytes;
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async readInto(bytes: Uint8Array, at: number, offset: number): Promise<{ bytesRead: number }> {
    try {
      return await this.handle.read(bytes, at, bytes.length - at, offset);
    } catch (error) {
      throw fileError(error, 'cannot read', this.path);
    }
  }
}

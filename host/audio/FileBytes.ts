import { constants, type FileHandle, open } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { fileError } from '../files/fileErrors.ts';

/** Large enough that the cost per call is negligible, small against the memory of a decoder. */
const CHUNK_BYTES = 65_536;

/** Random and sequential access to the bytes of a file. The caller owns the arrays returned. */
export class FileBytes {
  readonly path: string;
  /** What texts for the user call the file. */
  readonly name: string;
  private readonly handle: FileHandle;
  private measured: number;
  private position = 0;

  private constructor(path: string, name: string, size: number, handle: FileHandle) {
    this.path = path;
    this.name = name;
    this.measured = size;
    this.handle = handle;
  }

  /**
   * @param name of the file in texts for the user
   * @throws InputError if the file is missing, unreadable or not a regular file
   */
  static async open(path: string, name = path): Promise<FileBytes> {
    let handle: FileHandle;
    try {
      // Without O_NONBLOCK, opening a pipe that has no writer blocks for ever.
      handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      throw fileError(error, 'cannot read', name);
    }
    const facts = await handle.stat();
    if (facts.isFile()) return new FileBytes(path, name, facts.size, handle);
    await handle.close();
    throw new InputError(
      `cannot read ${name}: it is ${facts.isDirectory() ? 'a folder' : 'a device or pipe'}, not a file`,
    );
  }

  /** In bytes, when the file was opened or last measured. */
  get size(): number {
    return this.measured;
  }

  /** Updates `size`, since a running recording grows. */
  async measure(): Promise<void> {
    this.measured = (await this.handle.stat()).size;
  }

  /** Share of the file that `chunks` has yielded, 0 to 1. */
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
      throw fileError(error, 'cannot read', this.name);
    }
  }
}

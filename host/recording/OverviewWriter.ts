import { type FileHandle, open } from 'node:fs/promises';
import type { Hertz } from '../../engine/core/units.ts';
import { COLUMN_BYTES, OverviewColumns } from '../../engine/recording/OverviewColumns.ts';
import { COARSEST_COLUMNS, mergedColumns } from '../../engine/recording/overviewLevels.ts';
import { fileError } from '../files/fileErrors.ts';
import { overviewPath } from './recordingPaths.ts';

/** Columns of a level that are held before they are written; even, so that they merge in pairs. A level with no more has none above it. */
const HELD_COLUMNS = COARSEST_COLUMNS;

/**
 * Writes the overview of a recording, a file for each level: of level 0 as `OverviewColumns` measures it, and of each further level half as
 * many columns, of the extremes of two. The coarsest has at most `HELD_COLUMNS`. Needs constant memory for each level.
 */
export class OverviewWriter {
  private readonly columns: OverviewColumns;
  private readonly levels: LevelFile[];
  private readonly folder: string;

  private constructor(folder: string, sampleRateHertz: Hertz, first: LevelFile) {
    this.folder = folder;
    this.columns = new OverviewColumns(sampleRateHertz);
    this.levels = [first];
  }

  /** @param folder of the recording @throws InputError if nothing can be written there */
  static async create(folder: string, sampleRateHertz: Hertz): Promise<OverviewWriter> {
    return new OverviewWriter(folder, sampleRateHertz, await LevelFile.create(overviewPath(folder, 0)));
  }

  /** @throws InputError if the disk is full */
  async add(samples: Float32Array): Promise<void> {
    await this.append(0, this.columns.add(samples));
  }

  /** Completes and closes the files. @returns number of columns of each level @throws InputError if the disk is full */
  async finish(): Promise<number[]> {
    await this.append(0, this.columns.finish());
    for (let level = 0; level < this.levels.length; level++) {
      const isCoarsest = level === this.levels.length - 1;
      const rest = await this.levels[level]!.flush();
      if (!isCoarsest) await this.append(level + 1, mergedColumns(rest));
    }
    await this.close();
    return this.levels.map(({ columns }) => columns);
  }

  /** Closes the files, as they are. */
  async close(): Promise<void> {
    for (const level of this.levels) await level.close();
  }

  private async append(level: number, columns: Uint8Array): Promise<void> {
    for (let offset = 0; offset < columns.length; ) {
      const file = this.levels[level]!;
      if (file.isFull) {
        const pairs = mergedColumns(await file.flush());
        if (level + 1 === this.levels.length)
          this.levels.push(await LevelFile.create(overviewPath(this.folder, level + 1)));
        await this.append(level + 1, pairs);
      }
      offset += file.hold(columns.subarray(offset));
    }
  }
}

/** Columns of one level: the last ones in memory, all others in the file. */
class LevelFile {
  /** Number of columns so far. */
  columns = 0;
  private readonly path: string;
  private readonly handle: FileHandle;
  private readonly held = new Uint8Array(HELD_COLUMNS * COLUMN_BYTES);
  private heldBytes = 0;
  private isOpen = true;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
  }

  static async create(path: string): Promise<LevelFile> {
    try {
      return new LevelFile(path, await open(path, 'wx'));
    } catch (error) {
      throw fileError(error, 'cannot write', path);
    }
  }

  get isFull(): boolean {
    return this.heldBytes === this.held.length;
  }

  /** @returns number of bytes that are now held */
  hold(columns: Uint8Array): number {
    const part = columns.subarray(0, this.held.length - this.heldBytes);
    this.held.set(part, this.heldBytes);
    this.heldBytes += part.length;
    this.columns += part.length / COLUMN_BYTES;
    return part.length;
  }

  /** Writes the held columns. @returns them, valid until the next `hold` */
  async flush(): Promise<Uint8Array> {
    const written = this.held.subarray(0, this.heldBytes);
    try {
      await this.handle.appendFile(written);
    } catch (error) {
      throw fileError(error, 'cannot write', this.path);
    }
    this.heldBytes = 0;
    return written;
  }

  async close(): Promise<void> {
    if (this.isOpen) await this.handle.close();
    this.isOpen = false;
  }
}

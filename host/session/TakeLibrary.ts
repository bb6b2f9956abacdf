import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { nameProblem } from '../../engine/model/PresetName.ts';
import { pathExists } from '../files/outputs.ts';
import type { ListedTake } from '../protocol/LiveState.ts';
import { parseTakeFile, TAKE_FILE_NAME } from '../protocol/takeFile.ts';

/** Newer takes are listed, older ones are found in the folder. */
const MAXIMUM_LISTED = 200;
/** Deleted takes, until the session ends. */
const DELETED_FOLDER = '.deleted';
const INTERRUPTED = 'the program was ended while it recorded';

export interface TakeLibraryOptions {
  /** Holds one folder for each take. */
  readonly folder: string;
  /** @param deleted names of the takes that can be restored */
  readonly onChange: (takes: readonly ListedTake[], deleted: readonly string[]) => void;
  /** Opens a folder in the file manager. */
  readonly openFolder: (path: string) => Promise<unknown>;
}

/** The recordings on disk: lists, renames, deletes and restores them. Their names are those of their folders, never paths. */
export class TakeLibrary {
  private readonly options: TakeLibraryOptions;
  private readonly deleted = new Set<string>();
  private listed: readonly ListedTake[] = [];
  /** Name of the take that is being recorded; null: none. */
  private current: string | null = null;

  constructor(options: TakeLibraryOptions) {
    this.options = options;
  }

  /** Reads the folder. @param current name of the take that is being recorded, which is left out; null: none */
  async refresh(current: string | null): Promise<void> {
    this.current = current;
    const { folder, onChange } = this.options;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isDirectory() && nameProblem(entry.name) === null);
    const newest = names.map(({ name }) => name).filter((name) => name !== this.current);
    const takes = await Promise.all(newest.map((name) => listedTake(join(folder, name), name)));
    this.listed = takes
      .filter((take) => take !== null)
      .sort((one, other) => other.startTime.localeCompare(one.startTime))
      .slice(0, MAXIMUM_LISTED);
    onChange(this.listed, [...this.deleted]);
  }

  /** @returns the path of a listed file; null: it is not listed */
  filePath(take: string, file: string): string | null {
    const isListed = this.listed.find(({ name }) => name === take)?.files.includes(file) === true;
    return isListed ? join(this.options.folder, take, file) : null;
  }

  /** @throws InputError for an unknown take, or a name that is taken */
  async rename(take: string, name: string): Promise<void> {
    await this.requireListed(take);
    if (take === name) return;
    const path = join(this.options.folder, name);
    if (pathExists(path)) throw new InputError(`there is a recording or file called "${name}" already`);
    await this.move(join(this.options.folder, take), path);
  }

  /** Moves the take to where `restore` finds it until the session ends. @throws InputError for an unknown take */
  async delete(take: string): Promise<void> {
    await this.requireListed(take);
    const { folder } = this.options;
    await mkdir(join(folder, DELETED_FOLDER), { recursive: true });
    await rm(join(folder, DELETED_FOLDER, take), { recursive: true, force: true });
    this.deleted.add(take);
    await this.move(join(folder, take), join(folder, DELETED_FOLDER, take));
  }

  /** @throws InputError if it was not deleted in this session, or the name has been used again */
  async restore(take: string): Promise<void> {
    const { folder } = this.options;
    if (!this.deleted.has(take)) throw new InputError(`no recording called "${take}" has been deleted`);
    if (pathExists(join(folder, take))) throw new InputError(`there is another recording called "${take}" now`);
    this.deleted.delete(take);
    await this.move(join(folder, DELETED_FOLDER, take), join(folder, take));
  }

  /** @throws InputError for an unknown take, or without a file manager */
  async show(take: string): Promise<void> {
    await this.requireListed(take);
    const path = join(this.options.folder, take);
    try {
      await this.options.openFolder(path);
    } catch {
      throw new InputError(`no file manager could be opened; the recording is in ${path}`);
    }
  }

  /** Removes deleted takes for good. Never throws. */
  async close(): Promise<void> {
    if (this.deleted.size === 0) return;
    await rm(join(this.options.folder, DELETED_FOLDER), { recursive: true, force: true }).catch(() => {});
  }

  /** A take may have been added by another session. */
  private async requireListed(take: string): Promise<void> {
    const isListed = () => this.listed.some(({ name }) => name === take);
    if (!isListed()) await this.refresh(this.current);
    if (!isListed()) throw new InputError(`there is no recording called "${take}"`);
  }

  private async move(from: string, to: string): Promise<void> {
    try {
      await rename(from, to);
    } catch (error) {
      throw new InputError(
        `the recording could not be moved: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      await this.refresh(this.current);
    }
  }
}

/** @returns null for a folder that holds no take */
async function listedTake(folder: string, name: string): Promise<ListedTake | null> {
  try {
    const { files, voices, startTime, seconds, state, reason } = parseTakeFile(
      await readFile(join(folder, TAKE_FILE_NAME), 'utf8'),
    );
    const named = [files.mix, ...voices.map(({ file }) => file), files.rest, files.mixture];
    const sizes = await Promise.all(named.map((file) => fileSize(join(folder, file))));
    const present = named.filter((_, index) => sizes[index] !== null);
    return {
      name,
      startTime,
      seconds,
      voices: voices.map((voice) => voice.name),
      files: present,
      bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
      reason: state === 'recording' ? INTERRUPTED : reason,
    };
  } catch {
    return null;
  }
}

/** @returns null: there is no such file */
async function fileSize(path: string): Promise<number | null> {
  const facts = await stat(path).catch(() => null);
  return facts?.isFile() === true ? facts.size : null;
}

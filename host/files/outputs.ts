import { type BigIntStats, lstatSync } from 'node:fs';
import { lstat, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { nameKey, requireFileName } from '../../engine/core/fileName.ts';
import { createFolder } from './createFolder.ts';
import { fileError } from './fileErrors.ts';
import { openPartial } from './partialFile.ts';

/** What the files of a command may replace. */
export interface OutputRules {
  /** Files that the command reads. They are never replaced, under whatever name or link, not even with `isReplacing`. */
  readonly inputs: readonly string[];
  /** Whether other existing files may be replaced. */
  readonly isReplacing: boolean;
  /** What the user can do instead, such as `choose another folder with --out`. */
  readonly alternative: string;
}

/**
 * Decides before any work which files a command may write: none that exists, unless it is to be replaced; never an input, a folder, a
 * device, or a file that is write-protected. Tries to write into the folders, and leaves no file behind. A symbolic link counts as a file.
 * @param paths of all files that the command is going to write
 * @returns those that exist and will be replaced
 * @throws InputError that names the first file that cannot be written
 */
export async function requireOutputs(
  paths: readonly string[],
  { inputs, isReplacing, alternative }: OutputRules,
): Promise<string[]> {
  requireDistinct(paths, alternative);
  const inputFiles = new Set<string>();
  for (const path of inputs) {
    const facts = await targetFacts(path);
    if (facts !== null) inputFiles.add(identity(facts));
  }
  const replaced: string[] = [];
  for (const path of paths) {
    if (path.endsWith('/') || path.endsWith(sep)) throw folderError(path);
    requireFileName(basename(path));
    const facts = await lstat(path).catch(() => null);
    if (facts === null) continue;
    const target = await targetFacts(path);
    if (target !== null && inputFiles.has(identity(target))) {
      throw new InputError(`${path}: would overwrite an input; ${alternative}`);
    }
    if (target?.isDirectory()) throw folderError(path);
    if (target !== null && !target.isFile()) throw new InputError(`cannot write ${path}: it is a device, not a file`);
    if (!isReplacing) throw existsError(path, alternative);
    if (facts.isFile() && (facts.mode & 0o222) === 0) {
      throw new InputError(`cannot write ${path}: it is write-protected; ${alternative}`);
    }
    replaced.push(path);
  }
  for (const path of paths) await requireWritable(path);
  return replaced;
}

/** Whether both paths lead to the same file, whatever the links and spellings. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [facts, otherFacts] = await Promise.all([targetFacts(one), targetFacts(other)]);
  return facts !== null && otherFacts !== null && identity(facts) === identity(otherFacts);
}

/** @returns one line for the user about the files that `--force` replaces; null if there are none */
export function replacementNotice(paths: readonly string[]): string | null {
  return paths.length === 0 ? null : `--force replaces ${paths.join(', ')}`;
}

/** @returns the path, or if there is such a file or folder `name-2.ext`, `name-3.ext`, ...; a symbolic link that leads nowhere counts */
export function freePath(path: string): string {
  const { dir, name, ext } = parse(path);
  let free = path;
  for (let number = 2; pathExists(free); number++) free = join(dir, `${name}-${number}${ext}`);
  return free;
}

/** Whether there is a file, folder or symbolic link of this name. */
export function pathExists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function folderError(path: string): InputError {
  return new InputError(`cannot write ${path}: it is a folder, not a file`);
}

function existsError(path: string, alternative: string): InputError {
  return new InputError(`cannot write ${path}: it already exists; ${alternative}, or replace it with --force`);
}

function requireDistinct(paths: readonly string[], alternative: string): void {
  const keys = new Set<string>();
  for (const path of paths) {
    const key = nameKey(resolve(path));
    if (keys.has(key)) throw new InputError(`${path}: would be written twice; ${alternative}`);
    keys.add(key);
  }
}

/** @returns facts of the file that the path leads to through links; null if there is none */
function targetFacts(path: string): Promise<BigIntStats | null> {
  return stat(path, { bigint: true }).catch(() => null);
}

/** The same for all names of a file: hard links, symbolic links, and other spellings on a file system that ignores case. */
function identity({ dev, ino }: BigIntStats): string {
  return `${dev} ${ino}`;
}

async function requireWritable(path: string): Promise<void> {
  try {
    await createFolder(dirname(path));
    const partial = await openPartial(path);
    await partial.handle.close();
    await rm(partial.path);
  } catch (error) {
    throw fileError(error, 'cannot write', path);
  }
}

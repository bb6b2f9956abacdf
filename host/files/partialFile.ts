import { type FileHandle, lstat, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { isAbandoned } from './abandoned.ts';

/** A file under construction, hidden beside its final place, so that renaming it is atomic. */
export interface PartialFile {
  readonly handle: FileHandle;
  readonly path: string;
}

/** What happens to a file that has the name of the output: `create` keeps it and fails, `replace` replaces it. */
export type WriteMode = 'create' | 'replace';

/** `.NAME.PID.partial`; one process may write a name several times at once, then `.NAME.PID-2.partial`. */
const PARTIAL_NAME = /^\.(.+)\.(\d+)(?:-\d+)?\.partial$/;
/** Endings of the files that this program writes: it removes no other program's partial files. */
const WRITTEN_ENDING = /\.(?:wav|flac|json|svg|md)$/i;

/**
 * Creates a file for the content of `path`, after removing those that killed processes left in the folder.
 * @param path of a file in an existing folder
 * @param mode permissions of the file, reduced by the process's mask
 * @throws the error of the file system
 */
export async function openPartial(path: string, mode = 0o666): Promise<PartialFile> {
  await removeAbandoned(path);
  const first = join(dirname(path), `.${basename(path)}.${process.pid}`);
  for (let number = 1; ; number++) {
    const partialPath = `${first}${number === 1 ? '' : `-${number}`}.partial`;
    try {
      return { handle: await open(partialPath, 'wx', mode), path: partialPath };
    } catch (error) {
      if (!isExistsError(error)) throw error;
    }
  }
}

/**
 * Gives a complete, closed partial file its final name. A symbolic link of that name is replaced itself, never the file it leads to.
 * @throws the error of the file system; EEXIST if there is such a file and `mode` is `create`
 */
export async function publishPartial(partialPath: string, path: string, mode: WriteMode): Promise<void> {
  if (mode === 'replace') return rename(partialPath, path);
  // Renaming alone would replace a file that has appeared since; creating an empty one claims the name.
  await (await open(path, 'wx')).close();
  try {
    await rename(partialPath, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/**
 * To be checked before the work, since publishing would fail only after it. A symbolic link that leads nowhere counts as a file.
 * @throws InputError if `path` is a folder, or a file that is not to be replaced
 */
export async function requireWritable(path: string, mode: WriteMode): Promise<void> {
  const target = await stat(path).catch(() => null);
  if (target?.isDirectory()) throw new InputError(`cannot write ${path}: it is a folder, not a file`);
  if (mode === 'replace' || (await lstat(path).catch(() => null)) === null) return;
  throw new InputError(`cannot write ${path}: it already exists`);
}

/** Removes partial files beside `path` whose processes have ended. Never throws. */
async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  for (const fileName of await readdir(folder).catch(() => [])) {
    const [, name = '', processId = ''] = PARTIAL_NAME.exec(fileName) ?? [];
    if (name !== basename(path) && !WRITTEN_ENDING.test(name)) continue;
    const partialPath = join(folder, fileName);
    const facts = await lstat(partialPath).catch(() => null);
    if (facts === null || !facts.isFile() || !isAbandoned(Number(processId), facts.mtimeMs)) continue;
    await rm(partialPath, { force: true }).catch(() => {});
  }
}

function isExistsError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

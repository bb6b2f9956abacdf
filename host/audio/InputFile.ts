import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../engine/core/errors.ts';
import { fileError } from '../files/fileErrors.ts';
import { createTemporaryFolder } from '../files/temporaryFolder.ts';

/** Argument of a command that stands for standard input. */
export const STANDARD_INPUT = '-';

/** A recording to read: a file as it is, or a copy of what came through standard input or a pipe. */
export interface InputFile {
  readonly path: string;
  /** What texts for the user call it. */
  readonly name: string;
  /** Removes the copy, if there is one. */
  remove(): Promise<void>;
}

/**
 * Makes a recording readable more than once. Standard input (`-`) and pipes are copied to a temporary file up to their end, since a channel
 * analysis reads a recording twice, and many formats state their length at the end.
 * @throws InputError if standard input is a terminal, or the copy cannot be written
 */
export async function openInput(path: string, signal: AbortSignal): Promise<InputFile> {
  if (path === STANDARD_INPUT) {
    if (process.stdin.isTTY) {
      throw new InputError('standard input is a terminal; pipe a recording into it, or name a file');
    }
    return copyOf(process.stdin, 'standard input', signal);
  }
  const facts = await stat(path).catch(() => null);
  if (facts?.isFIFO() !== true) return { path, name: path, remove: async () => {} };
  return copyOf(createReadStream(path), path, signal);
}

async function copyOf(source: NodeJS.ReadableStream, name: string, signal: AbortSignal): Promise<InputFile> {
  const folder = await createTemporaryFolder('input');
  const remove = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'recording');
  try {
    await pipeline(source, createWriteStream(path, { flags: 'wx' }), { signal });
    return { path, name, remove };
  } catch (error) {
    await remove();
    signal.throwIfAborted();
    throw fileError(error, 'cannot copy', name);
  }
}

import { rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createTemporaryFolder } from '../files/temporaryFolder.ts';
import type { Finding } from './Check.ts';

const MEGABYTE = 1e6;

/**
 * Whether files can be created in a folder. One that does not exist is created when it is needed, so its nearest parent is tried.
 * @param leastMegabytes free space that the program needs there
 * @param alternative what names another folder, such as `set TMPDIR to another folder`
 */
export async function folderFinding(path: string, leastMegabytes: number, alternative: string): Promise<Finding> {
  const existing = await nearestFolder(path);
  try {
    await rm(await createTemporaryFolder('doctor', existing), { recursive: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { isOk: false, found: `cannot write into ${existing} (${code})`, remedy: alternative };
  }
  const { bavail, bsize } = await statfs(existing);
  const freeMegabytes = (bavail * bsize) / MEGABYTE;
  const found = `${path}, ${sizeText(freeMegabytes)} free`;
  return freeMegabytes >= leastMegabytes
    ? { isOk: true, found, remedy: null }
    : {
        isOk: false,
        found: `${found}; ${sizeText(leastMegabytes)} are needed`,
        remedy: `free some space, or ${alternative}`,
      };
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const facts = await stat(folder).catch(() => null);
    if (facts !== null || folder === dirname(folder)) return folder;
  }
}

function sizeText(megabytes: number): string {
  return megabytes < 1000 ? `${Math.floor(megabytes)} MB` : `${Math.floor(megabytes / 1000)} GB`;
}

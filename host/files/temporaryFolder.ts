import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isAbandoned } from './abandoned.ts';

/** `unmingle-PURPOSE-PID-XXXXXX` */
const FOLDER_NAME = /^unmingle-[a-z]+-(\d+)-\w{6}$/;

/**
 * Creates a temporary folder that only its user can read, after removing those that killed processes of this user left, since they may
 * hold speech. The caller removes it.
 * @param purpose lower-case letters, part of the folder's name
 * @param parent folder for temporary files
 */
export async function createTemporaryFolder(purpose: string, parent = tmpdir()): Promise<string> {
  const { uid } = userInfo();
  for (const name of await readdir(parent).catch(() => [])) {
    const [, processId] = FOLDER_NAME.exec(name) ?? [];
    if (processId === undefined) continue;
    const path = join(parent, name);
    const facts = await lstat(path).catch(() => null);
    // Windows has no user ids (-1); its folder for temporary files belongs to one user.
    if (facts === null || !facts.isDirectory() || (uid !== -1 && facts.uid !== uid)) continue;
    if (isAbandoned(Number(processId), facts.mtimeMs)) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
  return mkdtemp(join(parent, `unmingle-${purpose}-${process.pid}-`));
}

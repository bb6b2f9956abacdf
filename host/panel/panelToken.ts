import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { settingsFile } from '../files/userFolders.ts';

const TOKEN_PATTERN = /^[\w-]{24,64}$/;

export function randomToken(): string {
  return randomBytes(18).toString('base64url');
}

/**
 * The token of the run before, so that a panel that stayed open comes back by itself when the program is started again. Only this user
 * can read the file; where it can't be kept, each run has a token of its own.
 */
export async function keptToken(path = settingsFile('panel-token')): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (TOKEN_PATTERN.test(kept)) return kept;
  const token = randomToken();
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, token, { mode: 0o600 });
  } catch {
    // A folder that can't be written to is no reason not to start.
  }
  return token;
}

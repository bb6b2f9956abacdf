import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { settingsFile } from '../files/userFolders.ts';

const TOKEN_PATTERN = /^[\w-]{24,64}$/;

export function randomToken(): string {
  return randomBytes(18).toString('base64url');
}

/**
 * Returns the token of the previous run, so that open panels reconnect by themselves when the program is restarted. Only this user can
 * read the file. If it cannot be written, each run has its own token.
 */
export async function keptToken(path = settingsFile('panel-token')): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (TOKEN_PATTERN.test(kept)) return kept;
  const token = randomToken();
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, token, { mode: 0o600 });
  } catch {
    // The session works without it.
  }
  return token;
}

import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { settingsFile } from '../files/userFolders.ts';
import { writePrivateFile } from '../files/writePrivateFile.ts';

const TOKEN_PATTERN = /^[\w-]{24,64}$/;

export function randomToken(): string {
  return randomBytes(18).toString('base64url');
}

/**
 * Returns the token of the previous run, so that open panels reconnect by themselves when the program is restarted. A token that other
 * users could read is replaced. If the file cannot be written, each run has its own token.
 */
export async function keptToken(path = tokenPath()): Promise<string> {
  const kept = await privateText(path).catch(() => '');
  if (TOKEN_PATTERN.test(kept)) return kept;
  // The session works without the file.
  return newToken(path).catch(randomToken);
}

/**
 * Replaces the kept token. Panels and remote controls that have the old one can no longer connect.
 * @throws InputError if the file cannot be written, so that the old token would be used again by the next run
 */
export async function newToken(path = tokenPath()): Promise<string> {
  const token = randomToken();
  await writePrivateFile(path, token);
  return token;
}

function tokenPath(): string {
  return settingsFile('panel-token');
}

/** @returns empty if other users can read the file; Windows has no such mode bits, its user folders are private */
async function privateText(path: string): Promise<string> {
  const { mode } = await stat(path);
  return process.platform !== 'win32' && (mode & 0o077) !== 0 ? '' : readFile(path, 'utf8');
}

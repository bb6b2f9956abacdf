import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const TOKEN_PATTERN = /^[\w-]{24,64}$/;

export function randomToken(): string {
  return randomBytes(18).toString('base64url');
}

/**
 * The token of the run before, so that a panel that stayed open comes back by itself when the program is started again. Only this user
 * can read the file; where it can't be kept, each run has a token of its own.
 */
export async function keptToken(path = tokenPath()): Promise<string> {
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

/** Beside the session's settings. */
function tokenPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { UNMINGLE_SETTINGS: settings, APPDATA: data, XDG_CONFIG_HOME: configuration } = environment;
  const name = 'panel-token';
  if (settings) return join(dirname(settings), name);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'unmingle', name);
  if (process.platform === 'win32') return join(data || join(homedir(), 'AppData', 'Roaming'), 'unmingle', name);
  return join(configuration || join(homedir(), '.config'), 'unmingle', name);
}

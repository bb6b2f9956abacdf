import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../../engine/core/errors.ts';
import { temporaryPathBeside } from '../files/temporaryPath.ts';
import { settingsFile } from '../files/userFolders.ts';

/** Where a running session leaves its address for remote controls of the same user. */
function addressPath(): string {
  return settingsFile('panel-address');
}

/**
 * The WebSocket behind a panel's address; both carry the token.
 * @throws InputError for what is no address
 */
export function socketAddress(panelAddress: string): string {
  const url = URL.canParse(panelAddress) ? new URL(panelAddress) : null;
  const token = url?.searchParams.get('token') ?? null;
  if (url === null || token === null || !['http:', 'ws:'].includes(url.protocol)) {
    throw new InputError(
      `the address must be like http://127.0.0.1:7700/?token=..., as unmingle live prints it, got "${panelAddress}"`,
    );
  }
  return `ws://${url.host}/live?token=${encodeURIComponent(token)}`;
}

/**
 * Leaves the address of a session where its user's other programs find it, and nobody else's. Of several sessions the last one counts.
 * @returns takes it away again, where no later session has left its own
 */
export async function leaveAddress(panelAddress: string, path = addressPath()): Promise<() => Promise<void>> {
  const address = `${socketAddress(panelAddress)}\n`;
  const temporaryPath = temporaryPathBeside(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporaryPath, address, { mode: 0o600 });
    await rename(temporaryPath, path);
  } catch {
    // A folder that can't be written to is no reason not to start: the address is printed too.
    await rm(temporaryPath, { force: true }).catch(() => {});
    return async () => {};
  }
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => '')) === address) await rm(path, { force: true }).catch(() => {});
  };
}

/** @returns the WebSocket of this user's running session @throws InputError where there is none */
export async function runningAddress(path = addressPath()): Promise<string> {
  const address = await readFile(path, 'utf8').catch(() => null);
  if (address === null) {
    throw new InputError(
      'no session of this user is running: start one with unmingle live, or name one with --address',
    );
  }
  return socketAddress(address.trim());
}

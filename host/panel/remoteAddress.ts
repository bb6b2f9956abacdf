import { readFile, rm } from 'node:fs/promises';
import { InputError } from '../../engine/core/errors.ts';
import { settingsFile } from '../files/userFolders.ts';
import { writePrivateFile } from '../files/writePrivateFile.ts';

/** Port of the panel unless the user chooses another. */
export const DEFAULT_PORT = 7700;

/** File in which a running session publishes its address to remote controls of the same user. */
function addressPath(): string {
  return settingsFile('panel-address');
}

/**
 * @returns the WebSocket address, with the token, of a panel's address
 * @throws InputError if it is not the address of a panel
 */
export function socketAddress(panelAddress: string): string {
  const url = URL.canParse(panelAddress) ? new URL(panelAddress) : null;
  const token = url?.searchParams.get('token') ?? null;
  if (url === null || token === null || !['http:', 'ws:'].includes(url.protocol)) {
    throw new InputError(
      `the address must have the form http://127.0.0.1:${DEFAULT_PORT}/?token=..., as unmingle live prints it, got "${withoutToken(panelAddress)}"`,
    );
  }
  return `ws://${url.host}/live?token=${encodeURIComponent(token)}`;
}

/**
 * Publishes the address of a session in a file that only its user can read. The latest of several sessions overwrites the others.
 * @returns a function that removes the file, unless a later session has overwritten it
 */
export async function publishAddress(panelAddress: string, path = addressPath()): Promise<() => Promise<void>> {
  const address = `${socketAddress(panelAddress)}\n`;
  try {
    await writePrivateFile(path, address);
  } catch {
    // The session works without it: the address is printed too.
    return async () => {};
  }
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => '')) === address) await rm(path, { force: true }).catch(() => {});
  };
}

/** @returns the WebSocket address of this user's running session @throws InputError if there is none */
export async function runningAddress(path = addressPath()): Promise<string> {
  const address = await readFile(path, 'utf8').catch(() => null);
  if (address === null) {
    throw new InputError(
      'no session of this user is running: start one with unmingle live, or give its address with --address',
    );
  }
  return socketAddress(address.trim());
}

/** Error messages end up in logs. */
function withoutToken(address: string): string {
  return address.replace(/token=[^&\s]*/, 'token=...');
}

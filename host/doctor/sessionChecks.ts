import { once } from 'node:events';
import { createServer } from 'node:net';
import { RemoteControl } from '../panel/RemoteControl.ts';
import { DEFAULT_PORT, runningAddress } from '../panel/remoteAddress.ts';
import type { Finding } from './Check.ts';

/** Whether a session of this user runs. @param read returns its WebSocket address */
export async function sessionFinding(read: () => Promise<string> = runningAddress): Promise<Finding> {
  const address = await read().catch(() => null);
  if (address === null) return { isOk: true, found: 'none is running', remedy: null };
  const { host } = new URL(address);
  try {
    const remote = await RemoteControl.connect(address);
    remote.close();
    return { isOk: true, found: `one is running at ${host}`, remedy: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { isOk: false, found: reason, remedy: 'the last session was killed; start another with unmingle live' };
  }
}

/** Whether the panel's usual port is free, or used by this user's own session. */
export async function portFinding(port = DEFAULT_PORT, read: () => Promise<string> = runningAddress): Promise<Finding> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    return { isOk: true, found: `${port} is free`, remedy: null };
  } catch (error) {
    const address = await read().catch(() => null);
    if (address !== null && new URL(address).port === String(port)) {
      return { isOk: true, found: `${port} is used by your running session`, remedy: null };
    }
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const reason = isTaken ? 'is used by another program' : `cannot be opened (${String(error)})`;
    return { isOk: false, found: `${port} ${reason}`, remedy: 'unmingle live --port 0 takes any free port' };
  }
}

import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecording } from '../../host/audio/readRecording.ts';
import { LiveProgram } from '../host/LiveProgram.ts';

/** A folder for a program's presets, settings and recordings. */
export function programFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'unmingle-live-'));
}

/** `unmingle live` on the bundled mixture. @param folder of its own, or of an earlier run that goes on */
export async function startDemo(folder: string, port = 0): Promise<LiveProgram> {
  const environment = {
    ...process.env,
    UNMINGLE_PRESETS: join(folder, 'presets'),
    UNMINGLE_SETTINGS: join(folder, 'live.json'),
  };
  const program = new LiveProgram(['--backend', 'file', '--port', String(port)], environment, folder);
  await program.running();
  return program;
}

/** Signals of the newest take, by name. */
export async function latestTake(folder: string): Promise<Map<string, Float32Array>> {
  const takes = join(folder, 'unmingle-recordings');
  const newest = (await readdir(takes)).sort().at(-1)!;
  const stems = new Map<string, Float32Array>();
  for (const file of await readdir(join(takes, newest))) {
    if (!file.endsWith('.wav')) continue;
    stems.set(file.slice(0, -4), (await readRecording(join(takes, newest, file))).samples);
  }
  return stems;
}

/** One that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecording } from '../../host/audio/readRecording.ts';
import { LiveProgram } from '../host/LiveProgram.ts';

/** Creates a temporary folder for a program's presets, settings and recordings. */
export function programFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'unmingle-live-'));
}

/** Starts `unmingle live` on the bundled mixture. @param folder a new `programFolder`, or that of an earlier run to continue */
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

/** Stems of the latest recording, by file name. */
export async function latestTake(folder: string): Promise<Map<string, Float32Array>> {
  const takes = join(folder, 'unmingle-recordings');
  const latest = (await readdir(takes)).sort().at(-1);
  if (latest === undefined) throw new Error(`${takes} contains no recording`);
  const stems = new Map<string, Float32Array>();
  for (const file of await readdir(join(takes, latest))) {
    if (!file.endsWith('.wav')) continue;
    stems.set(file.slice(0, -4), (await readRecording(join(takes, latest, file))).samples);
  }
  return stems;
}

/** Finds a free TCP port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readRecording } from '../../host/audio/readRecording.ts';
import { packageRoot } from '../../host/packageRoot.ts';
import type { LivePhase, LiveStatus } from '../../host/protocol/LiveState.ts';

const CLI = process.env.UNMINGLE_CLI ?? join(packageRoot(), 'dist', 'host', 'cli.js');

export type ToldStatus = LiveStatus & { readonly phase: LivePhase };

/** `unmingle live` on the bundled mixture, as a user starts it: a process of its own, with a library and settings of its own. */
export class LiveProgram {
  readonly folder: string;
  readonly address: string;
  /** All that was told so far. */
  readonly statuses: ToldStatus[] = [];
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, folder: string, address: string) {
    this.child = child;
    this.folder = folder;
    this.address = address;
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      if (line.startsWith('{')) this.statuses.push(JSON.parse(line) as ToldStatus);
    });
  }

  /** @param folder of an earlier run, whose presets, settings and recordings go on */
  static async start(port = 0, folder?: string, words: readonly string[] = []): Promise<LiveProgram> {
    const home = folder ?? (await mkdtemp(join(tmpdir(), 'unmingle-live-')));
    const child = spawn(
      process.execPath,
      [CLI, 'live', '--backend', 'file', '--no-open', '--json', '--port', String(port), ...words],
      {
        cwd: home,
        env: {
          ...process.env,
          UNMINGLE_PRESETS: join(home, 'presets'),
          UNMINGLE_SETTINGS: join(home, 'live.json'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let told = '';
    const address = await new Promise<string>((resolve, reject) => {
      child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        const [, found] = /panel: (\S+)/.exec(told) ?? [];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => reject(new Error(`unmingle live has ended: ${told}`)));
    });
    return new LiveProgram(child, home, address);
  }

  get latest(): ToldStatus | undefined {
    return this.statuses.at(-1);
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }

  /** Signals of the newest take, by name. */
  async latestTake(): Promise<Map<string, Float32Array>> {
    const takes = join(this.folder, 'unmingle-recordings');
    const newest = (await readdir(takes)).sort().at(-1)!;
    const stems = new Map<string, Float32Array>();
    for (const file of await readdir(join(takes, newest))) {
      if (!file.endsWith('.wav')) continue;
      stems.set(file.slice(0, -4), (await readRecording(join(takes, newest, file))).samples);
    }
    return stems;
  }
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

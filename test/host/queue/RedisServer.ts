import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

const PROGRAM = ['/usr/bin/redis-server', '/usr/bin/valkey-server'].find((path) => existsSync(path)) ?? null;
const START_MILLISECONDS = 20_000;

/** A Redis of its own for a test: a free port of this machine, a folder for its append-only file, a password. */
export class RedisServer {
  static readonly password = 'secret-of-the-queue';
  readonly port: number;
  private readonly folder: string;
  private process: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static isInstalled(): boolean {
    return PROGRAM !== null;
  }

  static async start(folder: string): Promise<RedisServer> {
    const server = new RedisServer(folder, await freePort());
    await server.boot();
    return server;
  }

  get url(): string {
    return `redis://:${RedisServer.password}@127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again after `kill`. */
  async boot(): Promise<void> {
    if (PROGRAM === null) throw new Error('redis-server is not installed');
    const options = { port: this.port, bind: '127.0.0.1', dir: this.folder, requirepass: RedisServer.password };
    const persistence = { appendonly: 'yes', appendfsync: 'everysec', save: '' };
    const words = Object.entries({ ...options, ...persistence }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]);
    this.process = spawn(PROGRAM, words, { stdio: 'ignore' });
    for (const end = Date.now() + START_MILLISECONDS; Date.now() < end; await setTimeout(50))
      if (await isListening(this.port)) return;
    throw new Error(`redis-server does not listen at port ${this.port}`);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const { process } = this;
    if (process === null || process.exitCode !== null) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await ended;
  }
}

/** @returns a port that nobody listens at */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

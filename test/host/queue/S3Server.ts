import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './RedisServer.ts';

const PROGRAM = fileURLToPath(new URL('../../../node_modules/s3rver/bin/s3rver.js', import.meta.url));
const START_MILLISECONDS = 50_000;

/** A server of the S3 protocol with one bucket, `voices`, that refuses unknown keys. */
export class S3Server {
  /** Variables by which programs find the server. */
  readonly environment: NodeJS.ProcessEnv;
  private readonly process: ChildProcess;
  private readonly url: string;

  private constructor(folder: string, port: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.environment = {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_REGION: 'us-east-1',
    };
    const words = ['-d', folder, '-a', '127.0.0.1', '-p', String(port), '--silent', '--configure-bucket', 'voices'];
    this.process = spawn(process.execPath, ['--no-deprecation', PROGRAM, ...words], { stdio: 'ignore' });
  }

  static async start(folder: string): Promise<S3Server> {
    const server = new S3Server(folder, await freePort());
    for (const end = Date.now() + START_MILLISECONDS; Date.now() < end; await setTimeout(100))
      if (await fetch(server.url).catch(() => null)) return server;
    throw new Error('the S3 server does not answer');
  }

  stop(): void {
    this.process.kill('SIGKILL');
  }
}

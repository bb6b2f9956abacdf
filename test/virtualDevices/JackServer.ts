import { type ChildProcess, execFileSync, spawn } from 'node:child_process';

/** A separate JACK server without a sound card, with two input and two output channels. */
export class JackServer {
  private readonly server: ChildProcess;
  private readonly name: string;

  private constructor(server: ChildProcess, name: string) {
    this.server = server;
    this.name = name;
  }

  static isInstalled(): boolean {
    try {
      execFileSync('jackd', ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  /** @throws Error if it does not start within 10 s */
  static async start(): Promise<JackServer> {
    const name = `unmingle-${process.pid}`;
    const words = ['--no-realtime', '-d', 'dummy', '-r', '48000', '-p', '256', '-C', '2', '-P', '2'];
    const server = spawn('jackd', ['--name', name, ...words], {
      env: { ...process.env, JACK_NO_AUDIO_RESERVATION: '1' },
      stdio: 'ignore',
    });
    const jack = new JackServer(server, name);
    for (let attempt = 0; attempt < 100; attempt++) {
      if (jack.isRunning()) return jack;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    server.kill('SIGKILL');
    throw new Error('jackd did not start');
  }

  /** Environment of programs that shall use this server instead of the default one. */
  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, JACK_DEFAULT_SERVER: this.name, JACK_NO_START_SERVER: '1' };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill('SIGTERM');
    await ended;
  }

  private isRunning(): boolean {
    try {
      execFileSync('jack_lsp', [], { env: this.environment, stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }
}

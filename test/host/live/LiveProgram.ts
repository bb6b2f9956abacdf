import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { ControlMessage } from '../../../host/protocol/controlMessages.ts';
import type { LiveStatus } from '../../../host/protocol/LiveState.ts';

const CLI = fileURLToPath(new URL('../../../dist/host/cli.js', import.meta.url));

/** `unmingle live` as a user starts it, steered through the panel's own socket. */
export class LiveProgram {
  readonly statuses: (LiveStatus & { readonly phase: string; readonly problem: string | null })[] = [];
  remarks = '';
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private socket: WebSocket | null = null;

  constructor(words: readonly string[], environment: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [CLI, 'live', '--json', '--no-open', '--port', '0', ...words], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
    let line = '';
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (line + text).split('\n');
      line = lines.pop()!;
      for (const each of lines) this.statuses.push(JSON.parse(each));
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.remarks += text;
    });
  }

  get processId(): number {
    return this.child.pid!;
  }

  get latest() {
    return this.statuses.at(-1);
  }

  /** Until sound goes through. */
  async running(): Promise<void> {
    await this.until(() => this.latest !== undefined && this.remarks.includes('panel: '), 15);
  }

  /** @throws Error when the program ends or the time is over before the condition holds */
  async until(condition: () => boolean, seconds: number): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    while (!condition()) {
      if (this.child.exitCode !== null) throw new Error(`unmingle live has ended: ${this.remarks}`);
      if (performance.now() > end)
        throw new Error(`after ${seconds} s: ${this.remarks} ${JSON.stringify(this.latest)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async control(message: ControlMessage): Promise<void> {
    this.socket ??= await this.connect();
    this.socket.send(JSON.stringify(message));
  }

  /** Ctrl-C. @returns the exit code */
  async stop(): Promise<number | null> {
    this.socket?.terminate();
    this.child.kill('SIGINT');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 6000);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  /** A panel's connection, besides the one that `control` uses. */
  connect(): Promise<WebSocket> {
    const address = new URL(/panel: (\S+)/.exec(this.remarks)![1]!);
    const url = `ws://${address.host}/live?token=${address.searchParams.get('token')}`;
    const socket = new WebSocket(url, { origin: address.origin });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { LivePhase, LiveStatus } from '../../host/protocol/LiveState.ts';

const CLI = fileURLToPath(new URL('../../dist/host/cli.js', import.meta.url));

export type ToldStatus = LiveStatus & {
  readonly phase: LivePhase;
  readonly problem: string | null;
  readonly inputChoice: string | null;
};

/** Runs `unmingle live` as a user does, and controls it through the WebSocket of the panel. */
export class LiveProgram {
  /** Statuses printed so far, oldest first. */
  readonly statuses: ToldStatus[] = [];
  remarks = '';
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private socket: WebSocket | null = null;
  private requests = 0;

  /**
   * @param folder working directory
   * @param isAdapting whether voices are adapted to each other, which uses the processor for some seconds and changes the output
   */
  constructor(words: readonly string[], environment: NodeJS.ProcessEnv, folder = process.cwd(), isAdapting = false) {
    const speakerSet = isAdapting ? [] : ['--no-adaptation'];
    this.child = spawn(process.execPath, [CLI, 'live', '--json', '--no-open', '--port', '0', ...speakerSet, ...words], {
      cwd: folder,
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

  /** Address of the panel with its token; available after `running`. */
  get address(): string {
    return /panel: (\S+)/.exec(this.remarks)![1]!;
  }

  get latest(): ToldStatus | undefined {
    return this.statuses.at(-1);
  }

  /** Resolves when devices are open. */
  async running(): Promise<void> {
    await this.until(() => this.latest !== undefined && this.remarks.includes('panel: '), 30);
  }

  /** @throws Error if the program ends or the time is up before the condition holds */
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

  /** Sends a message and waits until it is carried out. @throws Error with the host's reason if it is refused, or after ten seconds */
  async request(message: ControlMessage): Promise<void> {
    this.socket ??= await this.connect();
    const { socket } = this;
    const id = String(++this.requests);
    const answer = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error(`${message.type} was not answered`)), 10_000);
      const finish = (error: Error | null) => {
        clearTimeout(timer);
        socket.off('message', receive);
        if (error === null) resolve();
        else reject(error);
      };
      const receive = (data: WebSocket.RawData, isBinary: boolean) => {
        if (isBinary) return;
        const received = JSON.parse(String(data));
        if (received.id !== id) return;
        finish(received.type === 'refused' ? new Error(received.reason) : null);
      };
      socket.on('message', receive);
    });
    socket.send(JSON.stringify({ ...message, id }));
    return answer;
  }

  /** Sends Ctrl-C or another signal. @returns the exit code */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.socket?.terminate();
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 6000);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  /** Opens a connection of a panel, besides the one that `control` uses. */
  connect(): Promise<WebSocket> {
    const address = new URL(this.address);
    const url = `ws://${address.host}/live?token=${address.searchParams.get('token')}`;
    const socket = new WebSocket(url, { origin: address.origin });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  }
}

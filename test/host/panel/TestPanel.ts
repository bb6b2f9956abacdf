import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { WebSocket } from 'ws';
import { type Panel, startPanel } from '../../../host/panel/PanelServer.ts';
import { type HostMessage, parseHostMessage } from '../../../host/protocol/hostMessages.ts';
import { SimulatedSession } from '../../ui/SimulatedSession.ts';

export const isRefused = (message: HostMessage) => message.type === 'refused';
export const isState = (message: HostMessage) => message.type === 'state';
export const isStatus = (message: HostMessage) => message.type === 'status';

interface Running {
  readonly session: SimulatedSession;
  readonly panel: Panel;
  readonly address: URL;
}

/** The panel's server on a simulated session, and clients that connect to it. `start` before each test, `stop` after it. */
export class TestPanel {
  private running: Running | null = null;
  private readonly sockets: WebSocket[] = [];
  /** Faults of the program that requests have caused. */
  readonly internalErrors: unknown[] = [];

  async start(): Promise<void> {
    const session = await SimulatedSession.bundled(['synthetic-female', 'synthetic-male']);
    const panel = await startPanel(session, { port: 0, onInternalError: (error) => this.internalErrors.push(error) });
    this.running = { session, panel, address: new URL(panel.address) };
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.splice(0)) {
      // A refused socket never opened, which terminate() reports as an error.
      socket.on('error', () => {});
      socket.terminate();
    }
    await this.running?.panel.close();
    this.running = null;
  }

  get session(): SimulatedSession {
    return this.started.session;
  }

  get panel(): Panel {
    return this.started.panel;
  }

  get address(): URL {
    return this.started.address;
  }

  get token(): string {
    return this.address.searchParams.get('token') ?? '';
  }

  get bearer(): { Authorization: string } {
    return { Authorization: `Bearer ${this.token}` };
  }

  /** @returns the URL of a path on the server */
  at(path: string): string {
    return new URL(path, this.address.origin).href;
  }

  /** Opens a socket. It may be refused. */
  connect(options: { token?: string; path?: string; headers?: Record<string, string> } = {}): WebSocket {
    const { token = this.token, path = '/live', headers = {} } = options;
    const socket = new WebSocket(`ws://${this.address.host}${path}?token=${token}`, {
      headers,
    });
    this.sockets.push(socket);
    return socket;
  }

  /** Connects as a panel and collects the host's messages; `wait` resolves with the next one that satisfies `match`. */
  async open() {
    const socket = this.connect();
    const received: HostMessage[] = [];
    let frames = 0;
    socket.on('message', (data, isBinary) => {
      if (isBinary) frames++;
      else received.push(parseHostMessage(String(data)));
    });
    await once(socket, 'open');
    const wait = async <T extends HostMessage>(match: (message: HostMessage) => message is T): Promise<T> => {
      for (let trial = 0; trial < 300; trial++) {
        const found = received.findIndex(match);
        if (found >= 0) return received.splice(0, found + 1).at(-1) as T;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error('no such message was received');
    };
    return { socket, wait, send: (value: unknown) => socket.send(JSON.stringify(value)), frames: () => frames };
  }

  /** @returns the status of a GET request. fetch() does not allow setting the Host header. */
  statusWithHeaders(path: string, headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port: this.address.port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      request.end();
    });
  }

  private get started(): Running {
    if (this.running === null) throw new Error('start() must be called first');
    return this.running;
  }
}

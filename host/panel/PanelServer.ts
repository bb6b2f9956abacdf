import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Observable, ReplaySubject, Subscription, share, throttleTime } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_CONTROL_BYTES } from '../protocol/controlMessages.ts';
import type { LiveState } from '../protocol/LiveState.ts';
import { StatusHistory } from '../protocol/StatusHistory.ts';
import type { LiveControl } from '../session/LiveControl.ts';
import { ControlQueue } from './ControlQueue.ts';
import { LoginCodes } from './LoginCodes.ts';
import { addressHost, isWildcard, outsideHost, PanelAccess, requestedAddress } from './PanelAccess.ts';
import { PanelFiles } from './PanelFiles.ts';
import { PanelRequests } from './PanelRequests.ts';
import { type PanelNews, PanelSocket } from './PanelSocket.ts';
import { keptToken, newToken, randomToken } from './panelToken.ts';
import { UPLOAD_MILLISECONDS } from './RecordingRequests.ts';
import { SoundSocket } from './SoundSocket.ts';

const MAXIMUM_PANELS = 64;
/** Browsers in which somebody listens. */
const MAXIMUM_LISTENERS = 8;
const MAXIMUM_CONNECTIONS = 256;
const LIVE_PATH = '/live';
/** Sound frames of the mix, for as long as the socket is open. */
const SOUND_PATH = '/sound';
const PATHS: readonly string[] = [LIVE_PATH, SOUND_PATH];
/** Minimum interval between states: they change with every movement of a fader, and panels draw no faster. */
const STATE_INTERVAL_MILLISECONDS = 30;

export interface PanelOptions {
  /** Address to listen on; any other than loopback produces a warning. @default '127.0.0.1' */
  readonly host?: string;
  /** 0: any free port. */
  readonly port: number;
  /** @default the token of the previous run, so that open panels reconnect; with port 0, where they cannot, a new one */
  readonly token?: string;
  /** Whether the kept token is replaced, so that panels with the old one can no longer connect. @default false */
  readonly isTokenNew?: boolean;
  /** Folder of the built page. @default dist/ui */
  readonly pageFolder?: string;
  /** Called with faults of the program that a request has caused; panels are not sent their texts. @default ignores them */
  readonly onInternalError?: (error: unknown) => void;
}

export interface Panel {
  /** With the token; to be printed. It must not become an argument of a process, which every user of the machine can read. */
  readonly address: string;
  /** @returns an address for a browser's command line: instead of the token it holds a code that is valid once and for a minute */
  loginAddress(): string;
  /** States who else can reach the panel; to be printed. null: nobody can. */
  readonly warning: string | null;
  close(): Promise<void>;
}

/**
 * Serves the panel of a live session: the page, a WebSocket for the conversation, requests for files.
 * @throws InputError if the address cannot be used
 */
export async function startPanel(session: LiveControl, options: PanelOptions): Promise<Panel> {
  const { host = '127.0.0.1', onInternalError = () => {} } = options;
  const files = await PanelFiles.read(options.pageFolder);
  const server = createServer({ headersTimeout: 10_000, requestTimeout: UPLOAD_MILLISECONDS });
  server.maxConnections = MAXIMUM_CONNECTIONS;
  await listen(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  const token = options.token ?? (await chosenToken(options));
  const access = new PanelAccess(host, port, token);
  const codes = new LoginCodes();
  const requests = new PanelRequests(session, access, codes, files, onInternalError);
  server.on('request', (request, response) => void requests.answer(request, response));
  const sockets = new PanelSockets(session, access, onInternalError);
  server.on('upgrade', (request, socket, head) => sockets.open(request, socket, head));
  const pageAt = (name: string) => `http://${addressHost(name)}:${port}/`;
  const own = pageAt(isWildcard(host) ? '127.0.0.1' : host);
  const outside = outsideHost(host);
  return {
    address: `${own}?token=${token}`,
    loginAddress: () => `${own}?code=${codes.issue()}`,
    warning:
      outside === null
        ? null
        : `the panel listens on ${host}: anyone who has its address with the token can listen and control it, and the connection is not encrypted; from another machine: ${pageAt(outside)}?token=${token}`,
    async close() {
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function chosenToken({ port, isTokenNew }: PanelOptions): Promise<string> {
  if (isTokenNew === true) return newToken();
  return port === 0 ? randomToken() : keptToken();
}

class PanelSockets {
  private readonly queue: ControlQueue;
  private readonly access: PanelAccess;
  private readonly onInternalError: (error: unknown) => void;
  private readonly news: PanelNews;
  private readonly subscription = new Subscription();
  private readonly statusHistory = new StatusHistory();
  private readonly mix$: Observable<Uint8Array>;
  private listeners = 0;
  private state: LiveState | null = null;
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAXIMUM_CONTROL_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });

  constructor(session: LiveControl, access: PanelAccess, onInternalError: (error: unknown) => void) {
    this.queue = new ControlQueue(session);
    this.access = access;
    this.onInternalError = onInternalError;
    this.mix$ = session.mix$;
    this.subscription.add(
      session.state$.subscribe((state) => {
        this.state = state;
      }),
    );
    const { statusHistory } = this;
    this.subscription.add(session.status$.subscribe((status) => statusHistory.push(status)));
    this.news = {
      get past() {
        return statusHistory.points();
      },
      state$: session.state$.pipe(
        throttleTime(STATE_INTERVAL_MILLISECONDS, undefined, { leading: true, trailing: true }),
        share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: true }),
      ),
      status$: session.status$,
      telemetry$: session.telemetry$,
    };
  }

  open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = requestedAddress(request);
    const refusal = this.refusal(request, address);
    if (refusal !== null) {
      socket.on('error', () => {});
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.server.handleUpgrade(request, socket, head, (opened) => {
      if (address?.pathname === SOUND_PATH) this.openSound(opened);
      else new PanelSocket(opened, this.queue, this.news, () => this.state, this.onInternalError);
    });
  }

  private openSound(socket: WebSocket): void {
    this.listeners++;
    socket.on('close', () => this.listeners--);
    new SoundSocket(socket, this.mix$);
  }

  private refusal(request: IncomingMessage, address: URL | null): string | null {
    if (address === null || !PATHS.includes(address.pathname) || this.access.problem(request) !== null)
      return '403 Forbidden';
    if (!this.access.isToken(address.searchParams.get('token'))) return '401 Unauthorized';
    if (address.pathname === SOUND_PATH && this.listeners >= MAXIMUM_LISTENERS) return '503 Service Unavailable';
    return this.server.clients.size >= MAXIMUM_PANELS ? '503 Service Unavailable' : null;
  }

  close(): void {
    this.subscription.unsubscribe();
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program uses this port; choose another one with --port, or 0 for any free port',
    EACCES: 'this user is not allowed to; choose a port above 1023',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'this host name is unknown',
  };
  const reason = reasons[error.code ?? ''];
  return reason === undefined ? error : new InputError(`cannot listen on ${addressHost(host)}:${port}: ${reason}`);
}

import { once } from 'node:events';
import { filter, firstValueFrom, type MonoTypeOperatorFunction, ReplaySubject, Subject, timeout } from 'rxjs';
import { WebSocket } from 'ws';
import { InputError } from '../../engine/core/errors.ts';
import { packageVersion } from '../files/packageRoot.ts';
import type { ControlMessage, RequestId } from '../protocol/controlMessages.ts';
import { type HostMessage, parseHostMessage } from '../protocol/hostMessages.ts';
import type { LiveState } from '../protocol/LiveState.ts';
import { mergeState } from '../protocol/stateSchema.ts';

const OPENING_MILLISECONDS = 5000;
/** Opening devices takes seconds. */
const ANSWER_MILLISECONDS = 30_000;

type Answer = Extract<HostMessage, { type: 'done' | 'refused' }>;

/** Client of a session's WebSocket, for programs that send one message after the other. */
export class RemoteControl {
  private readonly socket: WebSocket;
  private readonly state$ = new ReplaySubject<LiveState>(1);
  private readonly answers$ = new Subject<Answer>();
  private latest: LiveState | null = null;
  private nextId = 1;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.receive(String(data));
    });
    // ws closes the socket itself after an error.
    socket.on('error', () => {});
    socket.on('close', () => this.end('the session ended before it answered'));
  }

  /** @param address from `runningAddress` @throws InputError if no session answers or the token is wrong */
  static async connect(address: string): Promise<RemoteControl> {
    const { host } = new URL(address);
    const socket = new WebSocket(address, { handshakeTimeout: OPENING_MILLISECONDS });
    const remote = new RemoteControl(socket);
    let status: number | null = null;
    socket.once('unexpected-response', (_, response) => {
      status = response.statusCode ?? null;
      socket.terminate();
    });
    try {
      await once(socket, 'open');
    } catch (error) {
      if (status === 401 || status === 403) {
        const advice = 'use the address that the running session printed';
        throw new InputError(`the session at ${host} refused the token: ${advice}`);
      }
      const what = status === null ? errorText(error) : `HTTP status ${status}`;
      throw new InputError(`no session answers at ${host}: ${what}`);
    }
    return remote;
  }

  /** @returns the latest state of the session */
  state(): Promise<LiveState> {
    return firstValueFrom(this.state$.pipe(inTime()));
  }

  /** Resolves when the host has carried out the message. @throws InputError with the reason if it is refused */
  async send(message: ControlMessage): Promise<void> {
    const id: RequestId = this.nextId++;
    const answered = firstValueFrom(
      this.answers$.pipe(
        // A refusal without an id concerns too many messages, so it is for this one too.
        filter((answer) => (answer.id ?? id) === id),
        inTime(),
      ),
    );
    this.socket.send(JSON.stringify({ ...message, id }));
    const answer = await answered;
    if (answer.type === 'refused') throw new InputError(answer.reason);
  }

  close(): void {
    this.socket.close();
  }

  private receive(json: string): void {
    let message: HostMessage;
    try {
      message = parseHostMessage(json);
      if (message.type === 'state') this.latest = mergeState(this.latest, message.state);
    } catch {
      this.end(`the program that answers is not a session of unmingle ${packageVersion()}`);
      this.socket.terminate();
      return;
    }
    if (message.type === 'state') {
      if (this.latest !== null) this.state$.next(this.latest);
    } else if (message.type === 'done' || message.type === 'refused') this.answers$.next(message);
  }

  private end(reason: string): void {
    const ended = new InputError(reason);
    this.state$.error(ended);
    this.answers$.error(ended);
  }
}

/** Node reports a refused connection to several addresses without a message. */
function errorText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)) || 'nothing listens there';
}

function inTime<T>(): MonoTypeOperatorFunction<T> {
  const late = () => {
    throw new InputError(`the session did not answer within ${ANSWER_MILLISECONDS / 1000} s`);
  };
  return timeout({ each: ANSWER_MILLISECONDS, with: late });
}

import { type Observable, Subscription } from 'rxjs';
import type { RawData, WebSocket } from 'ws';
import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import {
  type ControlMessage,
  checkControlMessage,
  parseControlRequest,
  type RequestId,
} from '../protocol/controlMessages.ts';
import type { HostMessage, StatusPoint } from '../protocol/hostMessages.ts';
import type { LiveState, LiveStatus } from '../protocol/LiveState.ts';
import { hostError, reasonText } from '../session/hostError.ts';
import { ControlLine, type ControlQueue } from './ControlQueue.ts';
import { RateLimit } from './RateLimit.ts';

/** Unsent bytes above which telemetry is dropped: about a quarter of a second at 60 frames of 2 kB a second. */
const TELEMETRY_BACKLOG_BYTES = 32_768;
/** Minimum interval between states. Faster changes would not be seen, and with eight speakers a state has about 2 kB. */
const STATE_MILLISECONDS = 50;
const PING_SECONDS: Seconds = 0.5;
/** Time without a pong after which a panel is stalled: anything sent now would be outdated when it continues. */
const STALL_SECONDS: Seconds = 1.5;
/** Time without a pong after which the connection is closed; the panel reconnects by itself. */
const LOST_SECONDS: Seconds = 60;
/** A dragged fader sends 60 messages a second; two at once is the fastest that a person does. */
const MESSAGE_BURST = 400;
const MESSAGES_PER_SECOND = 150;
/** Refused messages after which the connection is closed: no panel continues that long. */
const MAXIMUM_EXCESS = 2000;

const TOO_MANY: Extract<HostMessage, { type: 'refused' }> = {
  type: 'refused',
  reason: 'too many messages; wait a moment',
  error: { kind: 'limit', message: 'too many messages', remedy: 'wait a moment' },
};

/** Data that is sent to all panels. */
export interface PanelNews {
  /** The last minutes, oldest first, as of the moment of access. */
  readonly past: readonly StatusPoint[];
  readonly state$: Observable<LiveState>;
  readonly status$: Observable<LiveStatus>;
  readonly telemetry$: Observable<Uint8Array>;
}

/** Connection to one panel. For a slow panel telemetry is dropped and counted, and only the newest state is kept for later. */
export class PanelSocket {
  private readonly socket: WebSocket;
  private readonly queue: ControlQueue;
  private readonly line = new ControlLine();
  private readonly state: () => LiveState | null;
  private readonly onInternalError: (error: unknown) => void;
  private readonly subscription = new Subscription();
  private readonly rate = new RateLimit(MESSAGE_BURST, MESSAGES_PER_SECOND);
  private telemetryDropped = 0;
  private sentState: LiveState | null = null;
  private waitingState: LiveState | null = null;
  private sentStateMilliseconds = Number.NEGATIVE_INFINITY;
  private stateTimer: NodeJS.Timeout | null = null;
  private unansweredSince: Seconds | null = null;
  private excess = 0;

  /** @param state returns the latest state, which lists the devices that may be chosen */
  constructor(
    socket: WebSocket,
    queue: ControlQueue,
    news: PanelNews,
    state: () => LiveState | null,
    onInternalError: (error: unknown) => void,
  ) {
    this.socket = socket;
    this.queue = queue;
    this.state = state;
    this.onInternalError = onInternalError;
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('pong', () => {
      this.unansweredSince = null;
      this.flushState();
    });
    // ws closes the socket itself after an error.
    socket.on('error', () => {});
    socket.on('close', () => this.subscription.unsubscribe());
    const pings = setInterval(() => this.ping(), PING_SECONDS * 1000);
    this.subscription.add(() => {
      clearInterval(pings);
      if (this.stateTimer !== null) clearTimeout(this.stateTimer);
    });
    this.send({ type: 'past', points: news.past });
    this.subscription.add(news.state$.subscribe((state) => this.sendState(state)));
    this.subscription.add(news.status$.subscribe((status) => this.sendStatus(status)));
    this.subscription.add(news.telemetry$.subscribe((frame) => this.sendTelemetry(frame)));
  }

  private get isBehind(): boolean {
    const isStalled = this.unansweredSince !== null && now() - this.unansweredSince > STALL_SECONDS;
    return isStalled || this.socket.bufferedAmount > TELEMETRY_BACKLOG_BYTES;
  }

  private ping(): void {
    if (this.unansweredSince !== null) {
      if (now() - this.unansweredSince > LOST_SECONDS) this.socket.terminate();
      return;
    }
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.unansweredSince = now();
    this.socket.ping();
  }

  private sendTelemetry(frame: Uint8Array): void {
    if (this.isBehind) this.telemetryDropped++;
    else this.socket.send(frame);
  }

  private sendState(state: LiveState): void {
    this.waitingState = state;
    this.flushState();
  }

  private flushState(): void {
    if (this.waitingState === null || this.isBehind) return;
    const early = this.sentStateMilliseconds + STATE_MILLISECONDS - performance.now();
    if (early > 0) {
      this.stateTimer ??= setTimeout(() => {
        this.stateTimer = null;
        this.flushState();
      }, early);
      return;
    }
    this.sentStateMilliseconds = performance.now();
    this.send({ type: 'state', state: changedFields(this.sentState, this.waitingState) });
    this.sentState = this.waitingState;
    this.waitingState = null;
  }

  private sendStatus(status: LiveStatus): void {
    if (this.isBehind) return;
    const telemetryDropped = status.counters.telemetryDropped + this.telemetryDropped;
    this.send({ type: 'status', status: { ...status, counters: { ...status.counters, telemetryDropped } } });
    this.flushState();
  }

  private send(message: HostMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      this.socket.close(1003, 'control messages are text');
      return;
    }
    if (!this.rate.tryTake(now())) {
      if (this.excess++ === 0) this.refuse(TOO_MANY);
      if (this.excess > MAXIMUM_EXCESS) this.socket.close(1008, 'too many messages');
      return;
    }
    this.excess = Math.max(0, this.excess - 1);
    void this.handle(data.toString());
  }

  private async handle(json: string): Promise<void> {
    let id: RequestId | null = null;
    try {
      const request = parseControlRequest(json);
      id = request.id;
      const message = checkControlMessage(request.message);
      requireListedDevices(message, this.state());
      await this.queue.handle(this.line, message);
      if (id !== null) this.answer({ type: 'done', id });
    } catch (error) {
      const described = hostError(error);
      if (described.kind === 'internal') this.onInternalError(error);
      this.refuse({ type: 'refused', reason: reasonText(error), error: described }, id);
    }
  }

  private refuse(refusal: Extract<HostMessage, { type: 'refused' }>, id: RequestId | null = null): void {
    this.answer(id === null ? refusal : { ...refusal, id });
  }

  private answer(message: HostMessage): void {
    if (this.socket.readyState === this.socket.OPEN && !this.isBehind) this.send(message);
  }
}

/** States are never modified in place, so that fields can be compared by identity. The list of presets is long and changes rarely. */
function changedFields(before: LiveState | null, state: LiveState): Partial<LiveState> {
  if (before === null) return state;
  const names = Object.keys(state) as (keyof LiveState)[];
  return Object.fromEntries(names.filter((name) => state[name] !== before[name]).map((name) => [name, state[name]]));
}

/**
 * A panel may choose listed devices only. The command line may also name files for the file backend.
 * @throws InputError for any other device
 */
function requireListedDevices(message: ControlMessage, state: LiveState | null): void {
  if (message.type !== 'setDevices' || state === null) return;
  const { backend, input, output, send } = message;
  if (typeof backend === 'string' && !state.backends.includes(backend)) {
    throw new InputError(`backend must be one of ${state.backends.join(', ')}, got "${backend}"`);
  }
  const isListed = (wanted: string) => state.devices.some(({ id, name }) => id === wanted || name === wanted);
  for (const [field, wanted] of Object.entries({ input, output, send })) {
    if (typeof wanted !== 'string' || isListed(wanted) || (wanted === 'none' && field !== 'input')) continue;
    throw new InputError(`${field}: must be one of the listed devices, got "${wanted}"`);
  }
}

function now(): Seconds {
  return performance.now() / 1000;
}

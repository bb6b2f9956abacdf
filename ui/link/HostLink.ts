import { BehaviorSubject, Observable, ReplaySubject, retry, Subject, type Subscription, timer } from 'rxjs';
import { InputError } from '../../engine/core/errors.ts';
import { type ControlMessage, checkControlMessage } from '../../host/protocol/controlMessages.ts';
import { type HostMessage, parseHostMessage, type StatusPoint } from '../../host/protocol/hostMessages.ts';
import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { mergeState } from '../../host/protocol/stateSchema.ts';
import { currentTexts } from '../texts/useTexts.ts';

export type LinkPhase = 'connecting' | 'open' | 'lost';

const FIRST_RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 3000;

/** WebSocket connection to the host. Reconnects after a loss; the host then sends its whole state again. */
export class HostLink {
  readonly phase$ = new BehaviorSubject<LinkPhase>('connecting');
  readonly state$ = new ReplaySubject<LiveState>(1);
  readonly status$ = new ReplaySubject<LiveStatus>(1);
  /** Status points of the last minutes; once per connection. */
  readonly statusHistory$ = new Subject<readonly StatusPoint[]>();
  /** Encoded telemetry frames (telemetryFrame.ts). */
  readonly telemetry$ = new Subject<Uint8Array>();
  /** Why a control message was refused, by the host or by the check before sending. */
  readonly refusals$ = new Subject<string>();
  private readonly address: string;
  private latest: LiveState | null = null;
  private socket: WebSocket | null = null;
  private subscription: Subscription | null = null;

  constructor(address: string) {
    this.address = address;
  }

  open(): void {
    this.subscription ??= this.events()
      .pipe(
        retry({
          resetOnSuccess: true,
          delay: (_, attempt) => timer(Math.min(LONGEST_RETRY_MILLISECONDS, FIRST_RETRY_MILLISECONDS * 1.6 ** attempt)),
        }),
      )
      .subscribe((event) => this.receive(event));
  }

  close(): void {
    this.subscription?.unsubscribe();
    this.subscription = null;
  }

  /** Refuses an invalid message. Messages are never queued while disconnected: the host's state may have changed by then. */
  send(message: ControlMessage): void {
    try {
      checkControlMessage(message);
    } catch (error) {
      this.refusals$.next(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    else this.refusals$.next(currentTexts().link.notConnected);
  }

  private events(): Observable<MessageEvent> {
    return new Observable((listener) => {
      const socket = new WebSocket(this.address);
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => {
        this.socket = socket;
        this.phase$.next('open');
      };
      socket.onmessage = (event) => listener.next(event);
      socket.onclose = () => {
        this.socket = null;
        this.phase$.next('lost');
        listener.error(new Error('closed'));
      };
      return () => {
        socket.onclose = null;
        socket.close();
      };
    });
  }

  private receive({ data }: MessageEvent): void {
    if (data instanceof ArrayBuffer) {
      this.telemetry$.next(new Uint8Array(data));
      return;
    }
    try {
      this.receiveMessage(parseHostMessage(String(data)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // A page of another program version: reloading it loads the host's own.
      this.refusals$.next(error.message);
    }
  }

  private receiveMessage(message: HostMessage): void {
    if (message.type === 'state') this.receiveState(message.state);
    else if (message.type === 'status') this.status$.next(message.status);
    else if (message.type === 'past') this.statusHistory$.next(message.points);
    else if (message.type === 'refused') this.refusals$.next(message.reason);
  }

  /** @throws InputError if the first state of a connection is incomplete */
  private receiveState(changes: Partial<LiveState>): void {
    this.latest = mergeState(this.latest, changes);
    this.state$.next(this.latest);
  }
}

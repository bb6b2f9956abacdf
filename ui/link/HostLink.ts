import { BehaviorSubject, Observable, ReplaySubject, retry, Subject, type Subscription, timer } from 'rxjs';
import { type ControlMessage, checkControlMessage } from '../../host/protocol/controlMessages.ts';
import type { HostMessage, StatusPoint } from '../../host/protocol/hostMessages.ts';
import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';

export type LinkPhase = 'connecting' | 'open' | 'lost';

const FIRST_RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 3000;

/** The panel's end of the conversation. A lost connection is opened again until it holds; the host then tells its state anew. */
export class HostLink {
  readonly phase$ = new BehaviorSubject<LinkPhase>('connecting');
  readonly state$ = new ReplaySubject<LiveState>(1);
  readonly status$ = new ReplaySubject<LiveStatus>(1);
  /** Once after each connecting. */
  readonly past$ = new Subject<readonly StatusPoint[]>();
  /** Frames as they came. */
  readonly telemetry$ = new Subject<Uint8Array>();
  /** Reasons of the host, or of this end's own check. */
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

  /** What can't be right is refused here; what can't be sent now is not sent later: the host's state may have moved on. */
  send(message: ControlMessage): void {
    try {
      checkControlMessage(message);
    } catch (error) {
      this.refusals$.next(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    else this.refusals$.next('not connected; the host did not hear that');
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
    // From our own host, over a connection that carried the token: trusted as the page itself is.
    const message = JSON.parse(String(data)) as HostMessage;
    if (message.type === 'state') this.takeState(message.state);
    else if (message.type === 'status') this.status$.next(message.status);
    else if (message.type === 'past') this.past$.next(message.points);
    else if (message.type === 'refused') this.refusals$.next(message.reason);
  }

  private takeState(changes: Partial<LiveState>): void {
    // The first of a connection is whole.
    this.latest = { ...this.latest, ...changes } as LiveState;
    this.state$.next(this.latest);
  }
}

import { CallError } from '../../engine/core/CallError.ts';
import type { Clock } from '../../engine/core/Clock.ts';
import { PendingCalls } from '../../engine/core/PendingCalls.ts';
import type { AnswerMessage, CallMessage, ProgressOf, Requests } from './calls.ts';
import { deserializeError } from './SerializedError.ts';
import { SYSTEM_CLOCK } from './systemClock.ts';

export interface CallerOptions<Table extends Requests<Table>> {
  /** The thread or process that answers, as in "the trainer"; used in the text of errors. */
  readonly peer: string;
  /** What the user can do if it misses a deadline. */
  readonly remedy: string;
  /** Time for an answer, counted from the call or from its latest progress. */
  readonly deadlinesMilliseconds: Readonly<Record<keyof Table, number>>;
  /** Sends a message to the other side. What it throws ends the call. */
  readonly post: (message: CallMessage<Table>, transfer: readonly ArrayBuffer[]) => void;
  /** A call has missed its deadline. Called before the call is rejected. */
  readonly onTimeout: (error: CallError) => void;
  /** @default the system clock */
  readonly clock?: Clock;
}

export interface CallOptions<Request> {
  /** Ends the call with a CallError of kind 'aborted'; the other side is informed. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProgressOf<Request>) => void;
  /** Buffers of the argument to move instead of copying them. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** The side of a thread or process border that asks. `answerCalls` is the other side. */
export class Caller<Table extends Requests<Table>> {
  private readonly options: CallerOptions<Table>;
  private readonly calls: PendingCalls;
  private readonly progressListeners = new Map<number, (progress: unknown) => void>();
  private end: Error | null = null;
  /** Errors that the other side has answered with: it responds, even if something that it waits for does not. */
  private readonly answered = new WeakSet<Error>();

  constructor(options: CallerOptions<Table>) {
    const { peer, remedy, clock = SYSTEM_CLOCK } = options;
    this.options = options;
    this.calls = new PendingCalls({ clock, peer, remedy });
  }

  /**
   * @throws the error of the other side; CallError if the call is aborted or misses its deadline; the error passed to `close`
   */
  async call<Name extends keyof Table & string>(
    name: Name,
    argument: Table[Name]['argument'],
    { signal, onProgress, transfer = [] }: CallOptions<Table[Name]> = {},
  ): Promise<Table[Name]['answer']> {
    if (this.end !== null) throw this.end;
    const timeoutMilliseconds = this.options.deadlinesMilliseconds[name];
    const limits = { timeoutMilliseconds, ...(signal === undefined ? {} : { signal }) };
    const { number, answer } = this.calls.open<Table[Name]['answer']>(name, limits);
    if (onProgress !== undefined) this.progressListeners.set(number, onProgress as (progress: unknown) => void);
    const isSent = this.calls.has(number);
    // The compiler does not relate the mapped type to a name that it does not know.
    if (isSent) this.post({ type: 'call', number, name, argument } as CallMessage<Table>, transfer);
    try {
      return await answer;
    } catch (error) {
      const isLate = error instanceof CallError && error.kind === 'timeout' && !this.answered.has(error);
      if (isLate) this.options.onTimeout(error);
      if (isSent && error instanceof CallError && error.kind === 'aborted') this.post({ type: 'abort', number }, []);
      throw error;
    } finally {
      this.progressListeners.delete(number);
    }
  }

  receive(message: AnswerMessage): void {
    if (message.type === 'answer') this.calls.resolve(message.number, message.answer);
    else if (message.type === 'refusal') this.refuse(message.number, deserializeError(message.error));
    else if (this.calls.extend(message.number)) this.progressListeners.get(message.number)?.(message.progress);
  }

  private refuse(number: number, error: Error): void {
    this.answered.add(error);
    this.calls.reject(number, error);
  }

  /** The other side has ended: rejects all calls, and those made later. Only the first error counts. */
  close(error: Error): void {
    this.end ??= error;
    this.calls.rejectAll(this.end);
  }

  /** A message that cannot be copied ends its call. */
  private post(message: CallMessage<Table>, transfer: readonly ArrayBuffer[]): void {
    try {
      this.options.post(message, transfer);
    } catch (error) {
      this.calls.reject(message.number, error);
    }
  }
}

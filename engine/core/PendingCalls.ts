import { CallError } from './CallError.ts';
import type { Clock } from './Clock.ts';

/** The part of an AbortSignal that a call uses; the engine's types include no platform. */
export interface CallSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Limits of the wait for an answer. */
export interface CallLimits {
  /** Deadline, counted from the call or from its latest progress. */
  readonly timeoutMilliseconds: number;
  /** Ends the call with a CallError of kind 'aborted', whose cause is the signal's reason. */
  readonly signal?: CallSignal;
}

export interface PendingCallsOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** The thread or process that answers, as in "the trainer"; used in the text of errors. */
  readonly peer: string;
  /** What the user can do about a missed deadline. */
  readonly remedy: string;
}

export interface PendingCall<Answer> {
  /** Identifies the call in the request and in its answer; from 1, never reused. */
  readonly number: number;
  /** Rejects with the refusal, a CallError, or the error of `rejectAll`. */
  readonly answer: Promise<Answer>;
}

interface Waiter<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  /** Starts the deadline again. */
  readonly extend: () => void;
  /** Removes the deadline and the abort listener. */
  readonly release: () => void;
}

/**
 * Calls to another thread or process that are still unanswered, by number. A call ends exactly once: with its answer, a refusal, its
 * deadline, its abort signal or `rejectAll`; answers that arrive later are ignored.
 */
export class PendingCalls<Answer = unknown> {
  private readonly options: PendingCallsOptions;
  private readonly waiters = new Map<number, Waiter<Answer>>();
  private lastNumber = 0;

  constructor(options: PendingCallsOptions) {
    this.options = options;
  }

  get size(): number {
    return this.waiters.size;
  }

  /**
   * Registers a call; the caller sends the request, with the number returned.
   * @param name name of the call, used in the text of errors
   */
  open<Result extends Answer>(name: string, { timeoutMilliseconds, signal }: CallLimits): PendingCall<Result> {
    const { clock, peer, remedy } = this.options;
    const number = ++this.lastNumber;
    const answer = new Promise<Result>((resolve, reject) => {
      const abort = () =>
        this.reject(number, new CallError('aborted', `"${name}" was cancelled`, null, signal?.reason));
      const expire = () => {
        const late = `${peer} did not answer "${name}" within ${timeoutMilliseconds / 1000} s`;
        this.reject(number, new CallError('timeout', late, remedy));
      };
      let cancelDeadline = clock.after(timeoutMilliseconds, expire);
      this.waiters.set(number, {
        // The type of an answer cannot be checked here; the name of the request determines it.
        resolve: resolve as (answer: Answer) => void,
        reject,
        extend: () => {
          cancelDeadline();
          cancelDeadline = clock.after(timeoutMilliseconds, expire);
        },
        release: () => {
          cancelDeadline();
          signal?.removeEventListener('abort', abort);
        },
      });
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
    return { number, answer };
  }

  has(number: number): boolean {
    return this.waiters.has(number);
  }

  /** Reports progress: the deadline of the call starts again. @returns false if the call has already ended */
  extend(number: number): boolean {
    const waiter = this.waiters.get(number);
    waiter?.extend();
    return waiter !== undefined;
  }

  /** @returns false if the call has already ended */
  resolve(number: number, answer: Answer): boolean {
    const waiter = this.take(number);
    waiter?.resolve(answer);
    return waiter !== undefined;
  }

  /** @returns false if the call has already ended */
  reject(number: number, error: unknown): boolean {
    const waiter = this.take(number);
    waiter?.reject(error);
    return waiter !== undefined;
  }

  /** Ends all calls, e.g. because the other side has exited. Calls opened later are not affected. */
  rejectAll(error: unknown): void {
    for (const number of [...this.waiters.keys()]) this.reject(number, error);
  }

  private take(number: number): Waiter<Answer> | undefined {
    const waiter = this.waiters.get(number);
    this.waiters.delete(number);
    waiter?.release();
    return waiter;
  }
}

/** Limits of the wait for an answer. */
export interface CallLimits {
  /** null: no deadline. Allowed only if the end of the other side always leads to `rejectAll`. */
  readonly timeoutMilliseconds: number | null;
  /** Rejects the call with the signal's reason. The other side is not informed. */
  readonly signal?: AbortSignal;
}

export interface PendingCall<Answer> {
  /** Identifies the call in the request and in its answer; from 1, never reused. */
  readonly number: number;
  /** Rejects with the refusal, a CallTimeoutError, the signal's reason, or the error of `rejectAll`. */
  readonly answer: Promise<Answer>;
}

/** A call to another thread or process that was not answered before its deadline. */
export class CallTimeoutError extends Error {
  override readonly name = 'CallTimeoutError';
  readonly call: string;

  constructor(call: string, timeoutMilliseconds: number) {
    super(`"${call}" was not answered within ${timeoutMilliseconds} ms`);
    this.call = call;
  }
}

interface Waiter<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  /** Removes the deadline and the abort listener. */
  readonly release: () => void;
}

/**
 * Calls to another thread or process that are still unanswered, by number. A call ends exactly once: with its answer, a refusal, its
 * deadline, its abort signal or `rejectAll`; answers that arrive later are ignored.
 */
export class PendingCalls<Answer = unknown> {
  private readonly waiters = new Map<number, Waiter<Answer>>();
  private lastNumber = 0;

  get size(): number {
    return this.waiters.size;
  }

  /**
   * Registers a call; the caller sends the request, with the number returned.
   * @param name name of the call, used in the text of CallTimeoutError
   */
  open<Result extends Answer>(name: string, { timeoutMilliseconds, signal }: CallLimits): PendingCall<Result> {
    const number = ++this.lastNumber;
    const answer = new Promise<Result>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const abort = () => this.reject(number, signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      const timer =
        timeoutMilliseconds === null
          ? undefined
          : setTimeout(() => this.reject(number, new CallTimeoutError(name, timeoutMilliseconds)), timeoutMilliseconds);
      const release = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      // The type of an answer cannot be checked here; the name of the request determines it.
      this.waiters.set(number, { resolve: resolve as (answer: Answer) => void, reject, release });
    });
    return { number, answer };
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

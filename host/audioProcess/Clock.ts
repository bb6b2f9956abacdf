/** Monotonic time and timers; injected, so that tests run without waiting. */
export interface Clock {
  nowMilliseconds(): number;
  /** Runs `action` once. @returns a function that cancels it */
  after(milliseconds: number, action: () => void): () => void;
  /** Runs `action` at regular intervals. @returns a function that cancels it */
  every(milliseconds: number, action: () => void): () => void;
}

/** The system clock. Its timers do not keep the process alive. */
export const SYSTEM_CLOCK: Clock = {
  nowMilliseconds: () => performance.now(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  every(milliseconds, action) {
    const timer = setInterval(action, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

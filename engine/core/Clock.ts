/** Monotonic time and timers. Injected, because the engine uses no platform, and so that tests run without waiting. */
export interface Clock {
  nowMilliseconds(): number;
  /** Runs `action` once. @returns a function that cancels it */
  after(milliseconds: number, action: () => void): () => void;
  /** Runs `action` at regular intervals. @returns a function that cancels it */
  every(milliseconds: number, action: () => void): () => void;
}

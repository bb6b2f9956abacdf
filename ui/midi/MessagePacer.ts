import type { ControlMessage } from '../../host/protocol/controlMessages.ts';

/** Below the host's limit per panel (150), which leaves room for the mouse. A controller can send 1000 messages a second. */
const MESSAGES_PER_SECOND = 90;
const BURST = 12;

/** Rate limiter (token bucket). Keeps only the latest message per target; older ones are dropped. */
export class MessagePacer {
  private readonly send: (message: ControlMessage) => void;
  /** By target, oldest first. */
  private readonly waiting = new Map<string, ControlMessage>();
  private permits = BURST;
  private lastMilliseconds = performance.now();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (message: ControlMessage) => void) {
    this.send = send;
  }

  push(target: string, message: ControlMessage): void {
    this.waiting.set(target, message);
    this.flush();
  }

  /** Runs on each message as well as on the timer, because browsers throttle timers of background windows. */
  private flush(): void {
    const now = performance.now();
    this.permits = Math.min(BURST, this.permits + ((now - this.lastMilliseconds) * MESSAGES_PER_SECOND) / 1000);
    this.lastMilliseconds = now;
    for (const [target, message] of this.waiting) {
      if (this.permits < 1) break;
      this.permits--;
      this.waiting.delete(target);
      this.send(message);
    }
    if (this.waiting.size === 0 || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.flush();
    }, 1000 / MESSAGES_PER_SECOND);
  }
}

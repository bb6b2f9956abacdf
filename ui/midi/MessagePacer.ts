import type { ControlMessage } from '../../host/protocol/controlMessages.ts';

/** Less than the host takes of one panel (150), so that the mouse has its share: a controller can send a thousand. */
const MESSAGES_PER_SECOND = 90;
const BURST = 12;

/** Sends the newest message about each thing, as often as the host takes them; what is older is left out. */
export class MessagePacer {
  private readonly send: (message: ControlMessage) => void;
  /** Oldest first. */
  private readonly waiting = new Map<string, ControlMessage>();
  private permits = BURST;
  private lastMilliseconds = performance.now();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (message: ControlMessage) => void) {
    this.send = send;
  }

  push(about: string, message: ControlMessage): void {
    this.waiting.set(about, message);
    this.flush();
  }

  /** By each message as well as by the timer, which browsers slow down behind other windows. */
  private flush(): void {
    const now = performance.now();
    this.permits = Math.min(BURST, this.permits + ((now - this.lastMilliseconds) * MESSAGES_PER_SECOND) / 1000);
    this.lastMilliseconds = now;
    for (const [about, message] of this.waiting) {
      if (this.permits < 1) break;
      this.permits--;
      this.waiting.delete(about);
      this.send(message);
    }
    if (this.waiting.size === 0 || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.flush();
    }, 1000 / MESSAGES_PER_SECOND);
  }
}

import type { ControlMessage } from '../protocol/controlMessages.ts';
import { LimitError } from '../session/LimitError.ts';
import type { LiveControl } from '../session/LiveControl.ts';

/** Limit for all panels together. Opening a device takes seconds; this many messages may be queued in the meantime. */
const MAXIMUM_WAITING = 256;
/** Limit per panel for messages that take the host up to 0.5 s each, or 4 s with windows of 1 s. */
const MAXIMUM_SLOW_WAITING = 8;

/** Each `setDevices` starts a process, and ends the one before it if that is still opening. */
const MAXIMUM_OPENINGS = 4;

/** Messages that take a few milliseconds each. */
const QUICK: readonly ControlMessage['type'][] = ['setSpeaker', 'setRest', 'setMaster', 'setParameters'];

interface Waiting {
  readonly message: ControlMessage;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Shares a session fairly between panels: each panel's messages in order, the panels in turn, so that a panel that sends too much delays
 * only itself, and with a limit of what may wait. It does not protect the session, whose own `SerialQueue` runs one change at a time;
 * it passes on the next message only when the last one has been carried out, because that queue serves in order of arrival. Only
 * `setDevices` is not waited for.
 */
export class ControlQueue {
  private readonly session: LiveControl;
  /** Panels with waiting messages, the next one first. */
  private readonly lines: ControlLine[] = [];
  /** The panel whose message is being carried out; it goes to the end of `lines` afterwards. */
  private served: ControlLine | null = null;
  private waiting = 0;
  /** Number of `setDevices` messages that are being carried out. */
  private openings = 0;

  constructor(session: LiveControl) {
    this.session = session;
  }

  /** Resolves when the message has been carried out. @throws InputError from the session; LimitError if too many messages are waiting */
  handle(line: ControlLine, message: ControlMessage): Promise<void> {
    const isOpeningTooMuch = message.type === 'setDevices' && this.openings >= MAXIMUM_OPENINGS;
    if (this.waiting >= MAXIMUM_WAITING || isOpeningTooMuch || !line.hasRoom(message)) {
      return Promise.reject(new LimitError('the host is still busy with earlier messages; send it again later'));
    }
    return new Promise((resolve, reject) => {
      if (line.isEmpty && line !== this.served) this.lines.push(line);
      line.push({ message, resolve, reject });
      this.waiting++;
      void this.serve();
    });
  }

  private async serve(): Promise<void> {
    if (this.served !== null) return;
    for (let line = this.lines.shift(); line !== undefined; line = this.lines.shift()) {
      this.served = line;
      const next = line.shift();
      if (next === undefined) continue;
      const done = this.carryOut(next);
      // A driver may take seconds to open a device, or hang until a deadline; the session cancels the opening before.
      if (next.message.type !== 'setDevices') await done;
      if (!line.isEmpty) this.lines.push(line);
    }
    this.served = null;
  }

  /** Never rejects. */
  private async carryOut({ message, resolve, reject }: Waiting): Promise<void> {
    const openings = message.type === 'setDevices' ? 1 : 0;
    this.openings += openings;
    try {
      await this.session.control(message);
      resolve();
    } catch (error) {
      reject(error);
    }
    this.openings -= openings;
    this.waiting--;
  }
}

/** Waiting messages of one panel. They are carried out even if the panel has disconnected: a script may end right after its last message. */
export class ControlLine {
  private readonly waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  hasRoom({ type }: ControlMessage): boolean {
    return QUICK.includes(type) || this.waiting.filter((each) => isSlow(each)).length < MAXIMUM_SLOW_WAITING;
  }

  push(waiting: Waiting): void {
    this.waiting.push(waiting);
  }

  /** Removes the first message. */
  shift(): Waiting | undefined {
    return this.waiting.shift();
  }
}

function isSlow({ message }: Waiting): boolean {
  return !QUICK.includes(message.type);
}

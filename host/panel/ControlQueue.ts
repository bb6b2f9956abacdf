import { InputError } from '../../engine/core/errors.ts';
import type { ControlMessage } from '../protocol/controlMessages.ts';
import type { LiveControl } from '../session/LiveControl.ts';

/** Opening a device takes seconds; what has gathered by then is still wanted, more is not. */
const MAXIMUM_WAITING = 256;
/** Of one panel, of what takes the host half a second each, and with the longest windows four. */
const MAXIMUM_SLOW_WAITING = 8;

/** A few milliseconds each. */
const QUICK: readonly ControlMessage['type'][] = ['setSpeaker', 'setRest', 'setMaster', 'setParameters'];

interface Waiting {
  readonly message: ControlMessage;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Obeys the messages of all panels one at a time: two changes at once would each begin from the same settings, and the later one undo
 * the earlier. Each panel's in their order, panels in turn: one that asks for too much waits for itself.
 */
export class ControlQueue {
  private readonly session: LiveControl;
  /** Of panels for which something waits, the next first. */
  private readonly lines: ControlLine[] = [];
  /** Whose message is being obeyed; it comes last again when that is done. */
  private served: ControlLine | null = null;
  private waiting = 0;

  constructor(session: LiveControl) {
    this.session = session;
  }

  /** @throws InputError what the session throws, or that too much waits already */
  handle(line: ControlLine, message: ControlMessage): Promise<void> {
    if (this.waiting >= MAXIMUM_WAITING || !line.hasRoom(message)) {
      return Promise.reject(new InputError('the host is still busy with what was asked before'));
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
      const { message, resolve, reject } = line.shift();
      try {
        await this.session.control(message);
        resolve();
      } catch (error) {
        reject(error);
      }
      this.waiting--;
      if (!line.isEmpty) this.lines.push(line);
    }
    this.served = null;
  }
}

/** What one panel has asked for and is not done. Outlives it: what a script asks last is done after it has gone. */
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

  /** @returns the first, which there must be */
  shift(): Waiting {
    return this.waiting.shift()!;
  }
}

function isSlow({ message }: Waiting): boolean {
  return !QUICK.includes(message.type);
}

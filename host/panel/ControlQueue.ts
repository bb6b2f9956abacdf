import { InputError } from '../../engine/core/errors.ts';
import type { LiveControl } from '../live/LiveControl.ts';
import type { ControlMessage } from '../protocol/controlMessages.ts';

/** Opening a device takes seconds; what has gathered by then is still wanted, more is not. */
const MAXIMUM_WAITING = 256;

/**
 * Obeys the messages of all panels one at a time, in the order they came: two changes at once would each begin from the same settings,
 * and the later one undo the earlier.
 */
export class ControlQueue {
  private readonly session: LiveControl;
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(session: LiveControl) {
    this.session = session;
  }

  /** @throws InputError what the session throws, or that too much waits already */
  async obey(message: ControlMessage): Promise<void> {
    if (this.waiting >= MAXIMUM_WAITING) throw new InputError('the host is still busy with what was asked before');
    this.waiting++;
    const done = this.last.then(() => this.session.control(message));
    this.last = done.catch(() => {});
    try {
      await done;
    } finally {
      this.waiting--;
    }
  }
}

import type { Writable } from 'node:stream';
import { InputError } from '../../engine/core/errors.ts';
import type { Progress, Terminal } from './Terminal.ts';

export interface JobTerminalListener {
  /** @param fraction of the present step, 0 to 1 */
  readonly onProgress: (fraction: number) => void;
  readonly onRemark: (text: string) => void;
}

/** Output of a command that runs as a job of a batch: nobody watches it, notices become remarks on the result. */
export class JobTerminal implements Terminal {
  readonly columns = null;
  private readonly listener: JobTerminalListener;

  constructor(listener: JobTerminalListener) {
    this.listener = listener;
  }

  /** A batch has a report of its own. */
  result(): void {}

  soundOutput(): Writable {
    throw new InputError('a job of a batch has no standard output');
  }

  notice(text: string): void {
    this.listener.onRemark(text);
  }

  status(): void {}

  progress(): Progress {
    return { update: (fraction) => this.listener.onProgress(fraction), stop() {} };
  }
}

import { Writable } from 'node:stream';
import type { Progress, Terminal } from '../../host/commands/Terminal.ts';

/** A terminal that keeps its output, as a pipe would: no status line, no progress bar. */
export class CapturedTerminal implements Terminal {
  readonly columns = null;
  stdout = '';
  stderr = '';
  /** What was written to `soundOutput`. */
  sound = Buffer.alloc(0);

  result(text: string): void {
    this.stdout += `${text}\n`;
  }

  soundOutput(): Writable {
    return new Writable({
      write: (bytes: Buffer, _encoding, done) => {
        this.sound = Buffer.concat([this.sound, bytes]);
        done();
      },
    });
  }

  notice(text: string): void {
    this.stderr += `${text}\n`;
  }

  status(): void {}

  progress(): Progress {
    return { update() {}, stop() {} };
  }
}

import type { Progress, Terminal } from '../../host/commands/Terminal.ts';

/** A terminal that keeps its output, as a pipe would: no status line, no progress bar. */
export class CapturedTerminal implements Terminal {
  stdout = '';
  stderr = '';

  result(text: string): void {
    this.stdout += `${text}\n`;
  }

  notice(text: string): void {
    this.stderr += `${text}\n`;
  }

  status(): void {}

  progress(): Progress {
    return { update() {}, stop() {} };
  }
}

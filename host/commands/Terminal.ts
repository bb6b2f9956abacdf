import type { Writable } from 'node:stream';
import cliProgress from 'cli-progress';
import { InputError } from '../../engine/core/errors.ts';
import { cutToWidth } from '../files/displayWidth.ts';

/** Output of a command. Results go to stdout; notices, status and progress to stderr, so that a pipe carries results only. */
export interface Terminal {
  /** Width of the terminal that results go to; null: they go to a pipe or file. */
  readonly columns: number | null;
  /** Prints a result, followed by a line break. */
  result(text: string): void;
  /**
   * Standard output for raw sound. The command then prints no results, and ends by itself if the reader ends.
   * @throws InputError if standard output is a terminal
   */
  soundOutput(): Writable;
  /** Prints one line beside the results: an assumption, a conversion, a warning, an error. */
  notice(text: string): void;
  /** Shows a line that the next status overwrites; null removes it. Terminals only, nothing in a pipe. */
  status(text: string | null): void;
  /** Starts a progress bar. Terminals only, nothing in a pipe. */
  progress(task: string): Progress;
}

export interface Progress {
  /** @param fraction done, 0 to 1 @param detail shown after the bar */
  update(fraction: number, detail?: string): void;
  stop(): void;
}

/** Exit codes. 130 is 128 + SIGINT, the shells' convention for an interrupted program. */
export const EXIT = { done: 0, userMistake: 1, internal: 2, interrupted: 130 } as const;

const SILENT_PROGRESS: Progress = { update() {}, stop() {} };

export class ProcessTerminal implements Terminal {
  private bar: cliProgress.SingleBar | null = null;
  private hasStatus = false;
  private isSoundWritten = false;

  constructor() {
    // A closed pipe, as after `| head`, is not an error.
    process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (!this.isSoundWritten) process.exit(code === 'EPIPE' ? EXIT.done : EXIT.internal);
    });
  }

  get columns(): number | null {
    return process.stdout.isTTY ? process.stdout.columns : null;
  }

  soundOutput(): Writable {
    if (process.stdout.isTTY) {
      throw new InputError('standard output is a terminal, which cannot play sound; pipe it into a program, or > FILE');
    }
    this.isSoundWritten = true;
    return process.stdout;
  }

  result(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  notice(text: string): void {
    if (this.bar !== null || this.hasStatus) process.stderr.write('\r\x1b[K');
    process.stderr.write(`${text}\n`);
  }

  status(text: string | null): void {
    if (!process.stderr.isTTY) return;
    if (text !== null) process.stderr.write(`\r\x1b[K${cutToWidth(text, (process.stderr.columns ?? 80) - 1)}`);
    else if (this.hasStatus) process.stderr.write('\r\x1b[K');
    this.hasStatus = text !== null;
  }

  progress(task: string): Progress {
    if (!process.stderr.isTTY) return SILENT_PROGRESS;
    const bar = new cliProgress.SingleBar({
      format: '{task} [{bar}] {percentage} %  {remaining}{detail}',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 30,
    });
    const startMilliseconds = performance.now();
    bar.start(1, 0, { task, remaining: '', detail: '' });
    this.bar = bar;
    return {
      update: (fraction, detail) => {
        const remaining = remainingTime((performance.now() - startMilliseconds) / 1000, fraction);
        bar.update(fraction, { remaining, detail: detail === undefined ? '' : `  ${detail}` });
      },
      stop: () => {
        bar.stop();
        this.bar = null;
      },
    };
  }
}

/** @returns empty during the first two seconds, which are too short for an estimate */
function remainingTime(elapsedSeconds: number, fraction: number): string {
  if (elapsedSeconds < 2 || fraction <= 0) return '';
  const seconds = Math.ceil((elapsedSeconds * (1 - fraction)) / fraction);
  return seconds < 90 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
}

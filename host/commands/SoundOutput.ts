import type { Writable } from 'node:stream';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { isReaderGone } from '../audio/PcmWriter.ts';
import type { Terminal } from './Terminal.ts';

/** Sound kept for a reader that is slower than real time. Live sound cannot wait, so what comes after it is left out. */
const LONGEST_QUEUE_SECONDS: Seconds = 10;
const SAMPLE_BYTES = 2;

/** Raw PCM of a live session on standard output, for another program. */
export class SoundOutput {
  /** Resolves when the reader has ended; rejects if the sound has. */
  readonly ended: Promise<void>;
  private readonly terminal: Terminal;
  private readonly stream: Writable;
  private readonly bytesPerSecond: number;
  private droppedBytes = 0;
  private end: () => void = () => {};
  private fail: (error: Error) => void = () => {};

  /** @throws InputError if standard output is a terminal */
  constructor(terminal: Terminal, rateHertz: Hertz) {
    this.terminal = terminal;
    this.stream = terminal.soundOutput();
    this.bytesPerSecond = SAMPLE_BYTES * rateHertz;
    this.ended = new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
    });
    // Nobody waits for it before the session runs.
    this.ended.catch(() => {});
  }

  /** Writes the next sound; leaves it out if the reader is too far behind. */
  next(pcm: Uint8Array): void {
    const { stream, bytesPerSecond, terminal } = this;
    if (stream.writableLength + pcm.length > LONGEST_QUEUE_SECONDS * bytesPerSecond) {
      if (this.droppedBytes === 0) {
        terminal.notice(
          `the program that reads the sound is ${LONGEST_QUEUE_SECONDS} s behind; sound is left out until it catches up`,
        );
      }
      this.droppedBytes += pcm.length;
      return;
    }
    stream.write(pcm, (error) => {
      if (!error) return;
      if (isReaderGone(error)) this.end();
      else this.fail(error);
    });
  }

  error(error: Error): void {
    this.fail(error);
  }

  complete(): void {
    this.end();
  }

  /** Says how much was left out, if any. */
  report(): void {
    if (this.droppedBytes === 0) return;
    const seconds = (this.droppedBytes / this.bytesPerSecond).toFixed(1);
    this.terminal.notice(`${seconds} s of sound were left out, because the program that reads it was too slow`);
  }
}

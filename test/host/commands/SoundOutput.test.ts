import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { SoundOutput } from '../../../host/commands/SoundOutput.ts';
import { CapturedTerminal } from '../CapturedTerminal.ts';

const RATE = 16_000;
const second = () => new Uint8Array(2 * RATE);

/** A program that reads nothing until `release`. */
class StuckReader extends CapturedTerminal {
  private waiting: ((error?: Error) => void) | null = null;
  received = 0;

  override soundOutput(): Writable {
    const stream = new Writable({
      write: (bytes: Uint8Array, _encoding, done) => {
        this.received += bytes.length;
        this.waiting = done;
      },
    });
    return stream.on('error', () => {});
  }

  release(error?: NodeJS.ErrnoException): void {
    this.waiting?.(error);
  }
}

it('keeps ten seconds for a slow reader, then leaves sound out and says so once, and how much at the end', async () => {
  const terminal = new StuckReader();
  const output = new SoundOutput(terminal, RATE);
  for (let count = 0; count < 13; count++) output.next(second());
  expect(terminal.stderr).toBe(
    'the program that reads the sound is 10 s behind; sound is left out until it catches up\n',
  );
  for (let count = 0; count < 10; count++) {
    terminal.release();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(terminal.received).toBe(10 * 2 * RATE);
  output.report();
  expect(terminal.stderr).toMatch(/\n3\.0 s of sound were left out, because the program that reads it was too slow\n$/);
});

it('a reader that keeps up gets everything, without a remark', async () => {
  const terminal = new CapturedTerminal();
  const output = new SoundOutput(terminal, RATE);
  for (let count = 0; count < 30; count++) output.next(second());
  output.report();
  expect([terminal.sound.length, terminal.stderr]).toEqual([30 * 2 * RATE, '']);
});

it('ends if the reader ends, and fails if the sound does or it cannot be written', async () => {
  const gone = new StuckReader();
  const output = new SoundOutput(gone, RATE);
  output.next(second());
  gone.release(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await expect(output.ended).resolves.toBeUndefined();
  const full = new StuckReader();
  const failing = new SoundOutput(full, RATE);
  failing.next(second());
  full.release(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
  await expect(failing.ended).rejects.toThrow('no space left');
  const silent = new SoundOutput(new CapturedTerminal(), RATE);
  silent.error(new Error('the engine has ended'));
  await expect(silent.ended).rejects.toThrow('the engine has ended');
});

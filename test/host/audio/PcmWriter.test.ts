import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { PcmWriter, ReaderGoneError } from '../../../host/audio/PcmWriter.ts';

const options = { fromHertz: 16_000, toHertz: 16_000, signal: new AbortController().signal };

/** A reader that accepts each piece when `accept` is called, or fails. */
class SlowReader extends Writable {
  readonly received: Buffer[] = [];
  private done: ((error?: Error) => void) | null = null;

  constructor() {
    super({ highWaterMark: 1 });
    this.on('error', () => {});
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.received.push(bytes);
    this.done = done;
  }

  accept(error?: NodeJS.ErrnoException): void {
    this.done?.(error);
  }
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`write ${code}`), { code });
}

test('samples are little-endian 16-bit integers without a header, cut off at full scale and counted', async () => {
  const reader = new SlowReader();
  const writer = await PcmWriter.create(reader, options);
  const written = writer.write(Float32Array.of(0, 0.5, -1, 1, -2));
  reader.accept();
  await written;
  expect(new Int16Array(Uint8Array.from(reader.received[0]!).buffer)).toEqual(
    Int16Array.of(0, 16_384, -32_768, 32_767, -32_768),
  );
  expect(writer.clippedSamples).toBe(2);
});

test('a write waits until the reader has accepted it', async () => {
  const reader = new SlowReader();
  const writer = await PcmWriter.create(reader, options);
  let isDone = false;
  const written = writer.write(new Float32Array(100)).then(() => {
    isDone = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isDone).toBe(false);
  reader.accept();
  await written;
});

test('a reader that has ended is told apart from a stream that cannot be written', async () => {
  for (const [code, kind] of [
    ['EPIPE', ReaderGoneError],
    ['ENOSPC', InputError],
  ] as const) {
    const reader = new SlowReader();
    const writer = await PcmWriter.create(reader, options);
    const written = writer.write(new Float32Array(100));
    reader.accept(failure(code));
    await expect(written).rejects.toBeInstanceOf(kind);
  }
});

test('Ctrl-C ends the wait for a reader that does not read', async () => {
  const interruption = new AbortController();
  const writer = await PcmWriter.create(new SlowReader(), { ...options, signal: interruption.signal });
  const written = writer.write(new Float32Array(100));
  interruption.abort(new Error('interrupted'));
  await expect(written).rejects.toThrow('interrupted');
  await expect(writer.write(new Float32Array(100))).rejects.toThrow('interrupted');
});

import type { Writable } from 'node:stream';
import { InputError } from '../../engine/core/errors.ts';
import { encodePcm16 } from '../../engine/core/pcm16.ts';
import type { Hertz } from '../../engine/core/units.ts';
import { Resampler } from './Resampler.ts';
import type { SoundWriter } from './SoundWriter.ts';

/** The program that read the sound has ended or closed its input, as `head` does. Not a mistake of anybody. */
export class ReaderGoneError extends Error {
  override readonly name = 'ReaderGoneError';
}

export interface PcmOptions {
  /** Sample rate of what is written. */
  readonly fromHertz: Hertz;
  /** Sample rate of the stream. */
  readonly toHertz: Hertz;
  /** Ends the wait for a slow reader. */
  readonly signal: AbortSignal;
}

/**
 * Writes raw sound to another program: 16-bit little-endian integers, mono, without a header. It waits while the reader is slow, so that no
 * more than the pipe's own buffer is in memory.
 */
export class PcmWriter implements SoundWriter {
  private readonly stream: Writable;
  private readonly signal: AbortSignal;
  private readonly resampler: Resampler;
  private clipped = 0;

  private constructor(stream: Writable, resampler: Resampler, signal: AbortSignal) {
    this.stream = stream;
    this.resampler = resampler;
    this.signal = signal;
  }

  /** @param stream stays open after `close`; it needs a listener of `error` events */
  static async create(stream: Writable, { fromHertz, toHertz, signal }: PcmOptions): Promise<PcmWriter> {
    return new PcmWriter(stream, await Resampler.create(fromHertz, toHertz), signal);
  }

  get clippedSamples(): number {
    return this.clipped;
  }

  /** @throws ReaderGoneError; InputError if the stream cannot be written, such as a file on a full disk; the reason of an abort */
  async write(samples: Float32Array): Promise<void> {
    await this.send(this.resampler.process(samples));
  }

  async close(): Promise<void> {
    await this.send(this.resampler.flush());
    this.resampler.close();
  }

  async abort(): Promise<void> {
    this.resampler.close();
  }

  /** Resolves when the system has accepted the sound. */
  private async send(samples: Float32Array): Promise<void> {
    const { bytes, clippedSamples } = encodePcm16(samples);
    this.clipped += clippedSamples;
    if (bytes.length === 0) return;
    const { stream, signal } = this;
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      stream.write(bytes, (error) => {
        signal.removeEventListener('abort', stop);
        if (error) reject(writeError(error));
        else resolve();
      });
    });
  }
}

/** Whether a stream could not be written because its reader has ended. */
export function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EOF' || code === 'ERR_STREAM_DESTROYED';
}

function writeError(error: Error): Error {
  if (isReaderGone(error)) return new ReaderGoneError('the program that read the sound has ended');
  return new InputError(`cannot write the sound: ${error.message}`);
}

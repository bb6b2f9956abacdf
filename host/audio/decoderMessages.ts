import type { AudioFormat } from './audioFormat.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import type { StreamFacts } from './streamFacts.ts';

/** Start data of the decoder worker. */
export interface DecoderJob {
  readonly path: string;
  readonly format: AudioFormat;
  readonly facts: StreamFacts;
  /** Offset of the stream in the file, in bytes. */
  readonly start: number;
}

/** Asks for the next block; each request has one answer. */
export type MessageToDecoder = { readonly type: 'next' };

export type MessageFromDecoder =
  | {
      readonly type: 'block';
      readonly block: DecodedBlock;
      /** Share of the file's bytes that was read, 0 to 1. */
      readonly fractionRead: number;
    }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly error: DecoderError };

/** The part of `SerializedError` that decoding needs; `host/rpc` lies above this room. */
export interface DecoderError {
  /** True for an InputError: the file is at fault. */
  readonly isUserError: boolean;
  readonly message: string;
  /** In the worker. */
  readonly stack: string | null;
}

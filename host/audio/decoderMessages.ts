import type { AudioFormat } from './audioFormats.ts';
import type { DecodedBlock } from './DecodedBlock.ts';
import type { StreamFacts } from './streamFacts.ts';

/** What the library decodes: a stream within a file. */
export interface LibraryStream {
  readonly format: AudioFormat;
  readonly facts: StreamFacts;
  /** Offset of the stream in the file, in bytes. */
  readonly start: number;
  /** Offset of its end; null: the end of the file. */
  readonly end: number | null;
  /** Header that precedes the stream, in place of the file's own; null: none. */
  readonly header: Uint8Array<ArrayBuffer> | null;
}

/** Start data of the decoder worker. */
export interface DecoderJob extends LibraryStream {
  readonly path: string;
  /** What texts for the user call the file. */
  readonly name: string;
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
  | {
      readonly type: 'end';
      /** What is wrong with the file although it could be decoded, one line for the user; null: nothing. */
      readonly remark: string | null;
    }
  | { readonly type: 'failed'; readonly error: DecoderError };

/** The part of `SerializedError` that decoding needs; `host/rpc` lies above this room. */
export interface DecoderError {
  /** True for an InputError: the file is at fault. */
  readonly isUserError: boolean;
  readonly message: string;
  /** In the worker. */
  readonly stack: string | null;
}

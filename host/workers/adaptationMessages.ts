import type { SerializedError } from '../rpc/SerializedError.ts';

/** The whole conversation with the worker that adapts speakers to each other. Files are checked again where they are used. */
export interface AdaptationJob {
  /** Texts of preset files, 2 to 8. */
  readonly presets: readonly string[];
  /** Texts of evidence files, in the presets' order. */
  readonly evidence: readonly string[];
  /** How much the last moments count, 0 to 1. */
  readonly persistence: number;
  /** Of the file that comes of it. */
  readonly key: string;
  /** Whether sound that plays meanwhile comes first. */
  readonly isBehind: boolean;
}

export type MessageFromAdaptation =
  /** @param fraction 0 to 1 */
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'done'; readonly adaptationText: string }
  | { readonly type: 'failed'; readonly error: SerializedError };

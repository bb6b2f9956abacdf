import type { SerializedError } from '../rpc/SerializedError.ts';

/** Start data of the adaptation worker. */
export interface AdaptationJob {
  /** Texts of preset files, 2 to 8. */
  readonly presets: readonly string[];
  /** Texts of evidence files, in the presets' order. */
  readonly evidence: readonly string[];
  /** Weight of the temporal prior, 0 to 1. */
  readonly persistence: number;
  /** Key of the resulting file. */
  readonly key: string;
  /** Run at low priority because audio is live. */
  readonly isLowPriority: boolean;
}

export type MessageFromAdaptation =
  /** @param fraction 0 to 1 */
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'done'; readonly adaptationText: string }
  | { readonly type: 'failed'; readonly error: SerializedError };

import type { ErrorRecord } from '../core/errorRecord.ts';
import type { KernelVariant } from '../kernel/Kernel.ts';
import type { PackedSpeakerSet } from '../separator/PackedSpeakerSet.ts';

/** Name under which the processor is registered. */
export const PROCESSOR_NAME = 'unmingle-separator';

/** Initial options of a processor, posted to the audio thread. */
export interface ProcessorStart {
  readonly speakerSet: PackedSpeakerSet;
  /** Outputs for voices; one more, the last, is for the rest. */
  readonly maximumSpeakers: number;
  readonly variant: KernelVariant | null;
}

export type MessageToProcessor =
  /** The buffer of the image is transferred, and comes back by `unused`. */
  | { readonly type: 'load'; readonly number: number; readonly speakerSet: PackedSpeakerSet }
  /** Ends the processor, so that the node can be garbage collected. */
  | { readonly type: 'close' };

export type MessageFromProcessor =
  /** Reply to `load`; `error` is null on success. */
  | { readonly type: 'loaded'; readonly number: number; readonly error: ErrorRecord | null }
  /** Returns the buffer of an image that was copied, so that it is freed on the main thread and not by the audio thread's garbage collector. */
  | { readonly type: 'unused'; readonly buffer: ArrayBufferLike };

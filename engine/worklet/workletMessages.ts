import type { ErrorRecord } from '../core/errorRecord.ts';
import type { KernelVariant } from '../kernel/Kernel.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';

/** Name under which the processor is registered. */
export const PROCESSOR_NAME = 'unmingle-separator';

/** Initial options of a processor, posted to the audio thread. */
export interface ProcessorStart {
  readonly speakerSet: SpeakerSet;
  /** Outputs for voices; one more, the last, is for the rest. */
  readonly maximumSpeakers: number;
  readonly variant: KernelVariant | null;
}

export type MessageToProcessor =
  | { readonly type: 'load'; readonly number: number; readonly speakerSet: SpeakerSet }
  /** Ends the processor, so that the node can be garbage collected. */
  | { readonly type: 'close' };

/** Answer to the `load` of this number; `error` is null on success. */
export interface MessageFromProcessor {
  readonly number: number;
  readonly error: ErrorRecord | null;
}

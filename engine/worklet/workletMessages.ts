import type { KernelVariant } from '../kernel/Kernel.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';

/** What the processor is registered as. */
export const PROCESSOR_NAME = 'unmingle-separator';

/** What a processor begins with; crosses threads as it is. */
export interface ProcessorStart {
  readonly speakerSet: SpeakerSet;
  /** Outputs for voices; one more, the last, is for the rest. */
  readonly maximumSpeakers: number;
  readonly variant: KernelVariant | null;
}

export type MessageToProcessor =
  | { readonly type: 'load'; readonly id: number; readonly speakerSet: SpeakerSet }
  /** From then on the node gives nothing and can be collected. */
  | { readonly type: 'close' };

/** @param error null where it was loaded */
export interface MessageFromProcessor {
  readonly id: number;
  readonly error: string | null;
}

import type { SwapState } from './ChainSwap.ts';
import type { PackedSpeakerSet } from './PackedSpeakerSet.ts';
import type { SeparatorParameters } from './parameters.ts';
import type { Telemetry } from './Telemetry.ts';

/** Complete state of a separator, from which it or another continues bit by bit. Plain data: can be posted to another thread. */
export interface SeparatorState {
  /** 1 to 3: the active speaker set, the one being swapped in, the one waiting for that swap to end. */
  readonly speakerSets: readonly PackedSpeakerSet[];
  readonly parameters: SeparatorParameters;
  readonly isLowComplexity: boolean;
  readonly isSuspended: boolean;
  /** Progress of the swap; null if there is none. */
  readonly swap: SwapState | null;
  readonly telemetry: Telemetry;
  /** State of the speaker sets' chains: delay lines, overlap buffers, activations, masks. */
  readonly numbers: Float64Array;
}

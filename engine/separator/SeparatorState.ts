import type { Samples } from '../core/units.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { SeparatorParameters } from './parameters.ts';
import type { Telemetry } from './Telemetry.ts';

/** Complete state of a separator, from which it or another continues bit by bit. Plain data: can be posted to another thread. */
export interface SeparatorState {
  /** 1 to 3: the active speaker set, the one being swapped in, the one waiting for that swap to end. */
  readonly speakerSets: readonly SpeakerSet[];
  readonly parameters: SeparatorParameters;
  readonly isLowComplexity: boolean;
  readonly isSuspended: boolean;
  readonly remainingSettling: Samples;
  readonly fadePosition: Samples;
  readonly telemetry: Telemetry;
  /** State of the speaker sets' chains: delay lines, overlap buffers, activations. */
  readonly numbers: Float64Array;
}

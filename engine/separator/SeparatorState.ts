import type { Samples } from '../core/units.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import type { SeparatorParameters } from './parameters.ts';
import type { Telemetry } from './Telemetry.ts';

/** A separator in the middle of its work. Plain data: crosses threads as it is, and can be kept as long as one likes. */
export interface SeparatorState {
  /** What is heard; then what is being swapped to; then what waits for its turn. */
  readonly speakerSets: readonly SpeakerSet[];
  readonly parameters: SeparatorParameters;
  readonly isLowComplexity: boolean;
  readonly isSuspended: boolean;
  readonly remainingSettling: Samples;
  readonly fadePosition: Samples;
  readonly telemetry: Telemetry;
  /** What the speaker sets' chains remember: delay lines, overlaps, activations. */
  readonly numbers: Float64Array;
}

import type { Samples } from '../core/units.ts';
import type { SeparatorParameters } from './parameters.ts';
import type { Scene } from './Scene.ts';
import type { Telemetry } from './Telemetry.ts';

/** A separator in the middle of its work. Plain data: crosses threads as it is, and can be kept as long as one likes. */
export interface SeparatorState {
  /** What is heard; then what is being swapped to; then what waits for its turn. */
  readonly scenes: readonly Scene[];
  readonly parameters: SeparatorParameters;
  readonly isEconomical: boolean;
  readonly isSuspended: boolean;
  readonly remainingSettling: Samples;
  readonly fadePosition: Samples;
  readonly telemetry: Telemetry;
  /** What the scenes' chains remember: delay lines, overlaps, activations. */
  readonly numbers: Float64Array;
}

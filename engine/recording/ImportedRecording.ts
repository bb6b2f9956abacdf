import type { FrequencyRange } from '../core/FrequencyRange.ts';
import type { Hertz, Samples } from '../core/units.ts';

/** A recording as one channel of 16 bits, and what is known of it. */
export interface ImportedRecording {
  readonly samples: Samples;
  /** Of mixture and tracks. */
  readonly sampleRateHertz: Hertz;
  /** Constant part (DC), and frequencies that have sound; null: all. */
  readonly offset: number;
  readonly band: FrequencyRange | null;
  /** Number of columns of each level of the overview. */
  readonly overviewLevels: readonly number[];
  /** What was done to read the file, such as which channels are used: lines for the user. */
  readonly remarks: readonly string[];
}

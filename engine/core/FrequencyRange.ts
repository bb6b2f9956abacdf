import type { Hertz } from './units.ts';

/** Frequencies from `lowHertz` to `highHertz`. */
export interface FrequencyRange {
  readonly lowHertz: Hertz;
  readonly highHertz: Hertz;
}

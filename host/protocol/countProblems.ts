import type { LiveCounters } from './LiveState.ts';

/** Number of audible faults since the start: dropouts, dry fallbacks, overloads and buffer trims. A status history marks where it grows. */
export function countProblems(counters: LiveCounters): number {
  return counters.inputGaps + counters.outputGaps + counters.dryFallbacks + counters.overloads + counters.shortenings;
}

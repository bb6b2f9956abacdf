import type { LiveCounters } from '../../host/protocol/LiveState.ts';
import type { Texts } from '../texts/catalogue.ts';
import { currentTexts } from '../texts/useTexts.ts';

/** Counters that indicate a fault, in order of severity. */
const FAULTS: readonly (keyof LiveCounters & keyof Texts['health']['faults'])[] = [
  'engineRestarts',
  'restarts',
  'outputGaps',
  'inputGaps',
  'dryFallbacks',
  'shortenings',
  'overloads',
  'recordingDroppedSamples',
  'clippedSamples',
  'invalidSamples',
];

/** Faults counted since the session started, as sentences with cause and remedy, most severe first. */
export function counterFindings(counters: LiveCounters): string[] {
  const { faults, times } = currentTexts().health;
  return FAULTS.filter((counter) => counters[counter] > 0).map((counter) => faults[counter](times(counters[counter])));
}

import type { LiveCounters } from '../protocol/LiveState.ts';

type AudioCounters = Omit<LiveCounters, 'restarts'>;

export const NO_COUNTS: AudioCounters = {
  inputGaps: 0,
  inputLostSamples: 0,
  outputGaps: 0,
  outputLostSamples: 0,
  shortenings: 0,
  shortenedSamples: 0,
  overloads: 0,
  bypassedSamples: 0,
  invalidSamples: 0,
  clippedSamples: 0,
  telemetryDropped: 0,
  recordingDroppedSamples: 0,
  engineRestarts: 0,
  dryFallbacks: 0,
  dryFallbackSamples: 0,
};

/** Sums the counters of two audio processes of the same session. */
export function addCounters(one: AudioCounters, other: AudioCounters): AudioCounters {
  const names = Object.keys(NO_COUNTS) as (keyof AudioCounters)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as AudioCounters;
}

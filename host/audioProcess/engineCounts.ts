import type { SharedMetrics } from '../../engine/realtime/SharedMetrics.ts';
import type { LiveCounters } from '../protocol/LiveState.ts';

/** What an engine counts itself. */
export type EngineCounts = Pick<
  LiveCounters,
  | 'shortenings'
  | 'shortenedSamples'
  | 'overloads'
  | 'bypassedSamples'
  | 'invalidSamples'
  | 'clippedSamples'
  | 'telemetryDropped'
  | 'recordingDroppedSamples'
>;

export const NO_ENGINE_COUNTS: EngineCounts = {
  ...{ shortenings: 0, shortenedSamples: 0, overloads: 0, bypassedSamples: 0 },
  ...{ invalidSamples: 0, clippedSamples: 0, telemetryDropped: 0, recordingDroppedSamples: 0 },
};

export function engineCounts(board: SharedMetrics): EngineCounts {
  return {
    shortenings: board.get('shortenings'),
    shortenedSamples: board.get('shortenedSamples'),
    overloads: board.get('overloads'),
    bypassedSamples: board.get('bypassedSamples'),
    invalidSamples: board.get('invalidSamples'),
    clippedSamples: board.get('clippedSamples'),
    telemetryDropped: board.get('telemetryDropped'),
    recordingDroppedSamples: board.get('tapDroppedSamples'),
  };
}

/** An engine that follows another counts on. */
export function addEngineCounts(one: EngineCounts, other: EngineCounts): EngineCounts {
  const names = Object.keys(NO_ENGINE_COUNTS) as (keyof EngineCounts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as EngineCounts;
}

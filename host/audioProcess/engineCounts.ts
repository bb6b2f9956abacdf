import type { EngineMetric, MetricsSnapshot } from '../../engine/realtime/SharedMetrics.ts';
import type { LiveCounters } from '../protocol/LiveState.ts';

/** Counters of the session that the engine keeps itself, and the metric that each of them shows. */
const METRICS = {
  shortenings: 'shortenings',
  shortenedSamples: 'shortenedSamples',
  overloads: 'overloads',
  bypassedSamples: 'bypassedSamples',
  invalidSamples: 'invalidSamples',
  clippedSamples: 'clippedSamples',
  telemetryDropped: 'telemetryDropped',
  recordingDroppedSamples: 'tapDroppedSamples',
} as const satisfies Partial<Record<keyof LiveCounters, EngineMetric>>;

export type EngineCounts = Readonly<Record<keyof typeof METRICS, number>>;

/** @param earlier counts of engines that have ended, to which those of this one are added */
export function engineCounts(metrics: MetricsSnapshot, earlier: EngineCounts | null): EngineCounts {
  const entries = Object.entries(METRICS) as [keyof EngineCounts, EngineMetric][];
  const counts = entries.map(([name, metric]) => [name, metrics.get(metric) + (earlier?.[name] ?? 0)]);
  return Object.fromEntries(counts) as EngineCounts;
}

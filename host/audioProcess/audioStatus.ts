import type { Hertz } from '../../engine/core/units.ts';
import { OVERLOAD_LEVELS } from '../../engine/realtime/LoadGovernor.ts';
import type { MetricsSnapshot, SharedMetrics } from '../../engine/realtime/SharedMetrics.ts';
import type { AudioStatus } from '../rpc/audioMessages.ts';
import type { EnginePorts } from './EnginePorts.ts';
import { type EngineCounts, engineCounts } from './engineCounts.ts';
import type { OpenedStreams } from './liveStreams.ts';
import type { TakeRecorder } from './TakeRecorder.ts';

/** Sources of the figures of a running session. */
export interface StatusSources {
  readonly sampleRateHertz: Hertz;
  readonly metrics: SharedMetrics;
  readonly streams: OpenedStreams;
  readonly ports: EnginePorts;
  readonly recorder: TakeRecorder;
  readonly engineRestarts: number;
  /** Sum of the counters of all earlier engines; null while the first engine runs. */
  readonly earlierCounts: EngineCounts | null;
}

/** Reads all figures: counters since the process opened its devices, loads since the previous call. */
export function audioStatus(sources: StatusSources): AudioStatus {
  const { sampleRateHertz, ports } = sources;
  const metrics = sources.metrics.read();
  const { gaps, lostSamples } = ports.input.counters;
  const engine = engineCounts(metrics, sources.earlierCounts);
  return {
    soundSeconds: metrics.get('samples') / sampleRateHertz,
    latency: measureLatency(sources, metrics),
    load: sources.metrics.takeLoads() ?? { median: 0, p99: 0, largest: 0 },
    overload: OVERLOAD_LEVELS[metrics.get('overloadLevel')] ?? 'none',
    iterations: metrics.get('iterations'),
    relativeGap: metrics.get('relativeGap'),
    driftPpm: ports.output?.driftPpm ?? 0,
    memoryBytes: process.memoryUsage.rss(),
    counters: {
      ...engine,
      inputGaps: gaps,
      inputLostSamples: lostSamples,
      outputGaps: ports.outputCount('gaps'),
      outputLostSamples: ports.outputCount('lostSamples'),
      shortenings: engine.shortenings + ports.outputCount('shortenings'),
      shortenedSamples: engine.shortenedSamples + ports.outputCount('shortenedSamples'),
      dryFallbacks: ports.outputCount('dryFallbacks'),
      dryFallbackSamples: ports.outputCount('dryFallbackSamples'),
      engineRestarts: sources.engineRestarts,
    },
    take: takeFigures(sources),
    speech: sources.recorder.speechFigures,
  };
}

/** From the air at the microphone to the air at the loudspeaker: analysis window, queues between the device callbacks, devices. */
function measureLatency(
  { sampleRateHertz, streams, ports }: StatusSources,
  metrics: MetricsSnapshot,
): AudioStatus['latency'] {
  const { output } = ports;
  const algorithmSeconds = metrics.get('latencySamples') / sampleRateHertz;
  const buffersSeconds = output === null ? 0 : (output.averageDelaySamples + output.resamplerSamples) / sampleRateHertz;
  const deviceSeconds = streams.input.inputLatencySeconds + (streams.output?.outputLatencySeconds ?? 0);
  const totalSeconds = algorithmSeconds + buffersSeconds + deviceSeconds;
  return { algorithmSeconds, buffersSeconds, deviceSeconds, totalSeconds };
}

function takeFigures({ recorder, sampleRateHertz }: StatusSources): AudioStatus['take'] {
  const { take } = recorder;
  return take === null ? null : { seconds: take.samples / sampleRateHertz, bytes: take.bytes };
}

import type { LiveCounters, LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { NO_COUNTS } from '../../host/session/liveCounters.ts';
import { defaultSettings, initialState, speakerStrips } from '../../host/session/liveSettings.ts';

/** State of a session without devices in which these speakers are loaded. */
export function simulatedState(speakers: readonly string[]): LiveState {
  const settings = defaultSettings({ speakers: speakerStrips(speakers) });
  return { ...initialState(settings, [], [], []), phase: 'running', similarity: simulatedSimilarity(speakers.length) };
}

/** Status of a healthy session. @param seconds since its start @param load median load */
export function simulatedStatus(seconds: number, load = 0.12): LiveStatus {
  const counters: LiveCounters = { ...NO_COUNTS, restarts: 0 };
  return {
    seconds,
    latency: { algorithmSeconds: 0.016, buffersSeconds: 0.0053, deviceSeconds: 0.0107, totalSeconds: 0.032 },
    load: { median: load, p99: load * 1.7, largest: load * 2.2 },
    overload: 'none',
    iterations: 8,
    relativeGap: 0.021,
    driftPpm: 11.5,
    memoryBytes: 131e6,
    counters,
  };
}

/** @returns a similarity of each pair of speakers, row-major [speakers x speakers] */
export function simulatedSimilarity(speakers: number): number[] {
  return Array.from({ length: speakers * speakers }, (_, index) => {
    const [one, other] = [Math.floor(index / speakers), index % speakers];
    return one === other ? 1 : 0.35 + 0.12 * ((one + other) % 5);
  });
}

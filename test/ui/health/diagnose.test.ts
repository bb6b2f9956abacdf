import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../ui/health/diagnose.ts';
import { simulatedState, simulatedStatus } from '../simulatedState.ts';

const levels = (restDecibels: number | null) => ({ restDecibels, isInputSilent: false });

describe('diagnose', () => {
  const state = simulatedState(['a', 'b']);
  const status = simulatedStatus(1);

  it('reports nothing for a healthy session', () => {
    expect(diagnose(state, status, levels(null))).toEqual([]);
    expect(diagnose(state, status, levels(-30))).toEqual([]);
  });

  it('names a pair of similar voices once', () => {
    const similar = { ...state, similarity: [1, 0.9, 0.9, 1] };
    expect(diagnose(similar, status, levels(null))).toEqual(['a and b sound similar: expect leakage.']);
  });

  it('reports a loud rest, overload and clipping', () => {
    const poor = {
      ...status,
      overload: 'bypass' as const,
      counters: { ...status.counters, clippedSamples: 3 },
    };
    expect(diagnose(state, poor, levels(-3))).toHaveLength(3);
  });

  it('reports drop-outs, restarts and past overload with cause and remedy', () => {
    const counters = { ...status.counters, outputGaps: 1, dryFallbacks: 1234, engineRestarts: 2, overloads: 3 };
    expect(diagnose(state, { ...status, counters }, levels(null))).toEqual([
      'The engine crashed or stopped responding, and was restarted 2 times. If it happens again, please report it with the messages in the terminal.',
      'The output was silent once, because no sound was ready in time. Close other programs, or choose Call or Studio.',
      'The unprocessed input was played 1 234 times, because the engine was late. Close other programs, or choose Call or Studio.',
      'Separation was reduced 3 times, because this computer was too slow. Choose Call or Studio, or fewer iterations.',
    ]);
  });

  it('has a line for every counter that the tab marks as a fault', () => {
    const isMarked = (name: string) =>
      !['telemetryDropped'].includes(name) && !/Lost|shortenedS|bypassed|FallbackS/.test(name);
    for (const name of Object.keys(status.counters).filter(isMarked)) {
      const counters = { ...status.counters, [name]: 1 };
      expect(diagnose(state, { ...status, counters }, levels(null)), name).toHaveLength(1);
    }
  });

  it('reports a dead microphone and a long delay before all else', () => {
    const live = { ...state, backend: 'portaudio', inputName: 'Headset' };
    const late = { ...status, latency: { ...status.latency, totalSeconds: 0.915 } };
    const dead = { restDecibels: null, isInputSilent: true };
    expect(diagnose(live, late, dead)).toEqual([
      expect.stringMatching(/^No sound comes from Headset/),
      expect.stringMatching(/^You hear everything 915 ms late/),
    ]);
    expect(diagnose({ ...live, backend: 'file' }, status, dead)).toEqual([]);
  });

  it('reports that no speaker is loaded', () => {
    const empty = { ...state, settings: { ...state.settings, speakers: [] } };
    expect(diagnose(empty, status, levels(null))[0]).toMatch(/No speaker/);
  });
});

import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../ui/health/diagnose.ts';
import { simulatedState, simulatedStatus } from '../simulatedState.ts';

describe('diagnose', () => {
  const state = simulatedState(['a', 'b']);
  const status = simulatedStatus(1);

  it('reports nothing for a healthy session', () => {
    expect(diagnose(state, status, null)).toEqual([]);
    expect(diagnose(state, status, -30)).toEqual([]);
  });

  it('names a pair of similar voices once', () => {
    const similar = { ...state, similarity: [1, 0.9, 0.9, 1] };
    expect(diagnose(similar, status, null)).toEqual(['a and b sound similar: expect leakage.']);
  });

  it('reports a large gap, a loud rest, overload and clipping', () => {
    const poor = {
      ...status,
      relativeGap: 0.5,
      overload: 'bypass' as const,
      counters: { ...status.counters, clippedSamples: 3 },
    };
    expect(diagnose(state, poor, -3)).toHaveLength(4);
  });

  it('reports that no speaker is loaded', () => {
    const empty = { ...state, settings: { ...state.settings, speakers: [] } };
    expect(diagnose(empty, status, null)[0]).toMatch(/No speaker/);
  });
});

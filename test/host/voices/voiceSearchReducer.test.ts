import { describe, expect, it } from 'vitest';
import { NO_VOICE_SEARCH, type SearchedVoice, type VoiceSearchState } from '../../../host/protocol/voiceSearch.ts';
import type { HeardVoice } from '../../../host/voices/VoiceFinder.ts';
import { nextVoiceSearch, type VoiceSearchEvent, voiceToLearn } from '../../../host/voices/voiceSearchReducer.ts';

function stateAfter(...events: readonly VoiceSearchEvent[]): VoiceSearchState {
  return events.reduce(nextVoiceSearch, NO_VOICE_SEARCH);
}

const started: VoiceSearchEvent = { type: 'started', count: 2 };

/** @param soloSeconds [voices] */
function heard(soloSeconds: readonly number[], changes: Partial<HeardVoice> = {}): VoiceSearchEvent {
  const voices = soloSeconds.map((seconds, index) => ({
    number: index + 1,
    soloSeconds: seconds,
    vector: null,
    agreement: 1,
    ...changes,
  }));
  return { type: 'heard', findings: { speechSeconds: 30, voices } };
}

const learnt = (number: number, seconds: number, beside = 0): VoiceSearchEvent[] => [
  { type: 'learning', number },
  { type: 'learnt', name: `voice-${number}`, seconds, beside },
];

describe('voiceToLearn', () => {
  it('is nobody who was alone for less than 8 s', () => {
    expect(voiceToLearn(stateAfter(started, heard([7.9])))).toBeNull();
    expect(voiceToLearn(stateAfter(started, heard([7.9, 8])))).toBe(2);
  });

  it('is one at a time, and voices without a preset come first', () => {
    expect(voiceToLearn(stateAfter(started, heard([30, 9]), { type: 'learning', number: 1 }))).toBeNull();
    expect(voiceToLearn(stateAfter(started, heard([9, 1]), ...learnt(1, 9), heard([50, 9])))).toBe(2);
  });

  it('is learnt again from 20 and 45 s, and not afterwards', () => {
    const found = stateAfter(started, heard([9]), ...learnt(1, 9));
    expect(voiceToLearn(nextVoiceSearch(found, heard([19])))).toBeNull();
    expect(voiceToLearn(nextVoiceSearch(found, heard([20])))).toBe(1);
    expect(voiceToLearn(stateAfter(started, heard([21]), ...learnt(1, 21), heard([44])))).toBeNull();
    expect(voiceToLearn(stateAfter(started, heard([46]), ...learnt(1, 46), heard([400])))).toBeNull();
  });

  it('is learnt again if most of what it was learnt from is of another voice', () => {
    const found = stateAfter(started, heard([21]), ...learnt(1, 21));
    expect(voiceToLearn(nextVoiceSearch(found, heard([12], { agreement: 0.7 })))).toBeNull();
    expect(voiceToLearn(nextVoiceSearch(found, heard([12], { agreement: 0.5 })))).toBe(1);
  });

  it('is learnt again once another voice has a preset, each after the other', () => {
    const both = stateAfter(started, heard([9, 9]), ...learnt(1, 9), ...learnt(2, 9));
    expect(voiceToLearn(both)).toBe(1);
    const refined = [...learnt(1, 9, 1), heard([10, 10])].reduce(nextVoiceSearch, both);
    expect(voiceToLearn(refined)).toBe(2);
    expect(voiceToLearn([...learnt(2, 9, 1)].reduce(nextVoiceSearch, refined))).toBeNull();
  });

  it('is learnt again once another voice is recognised', () => {
    const found = stateAfter(started, heard([9, 9]), ...learnt(1, 9));
    const known = nextVoiceSearch(found, { type: 'recognized', number: 2, name: 'ann' });
    expect(voiceToLearn(known)).toBe(1);
  });

  it.each<VoiceSearchEvent>([
    { type: 'recognized', number: 1, name: 'ann' },
    { type: 'stopped', problem: null },
  ])('is nobody after $type', (event) => {
    expect(voiceToLearn(stateAfter(started, heard([30]), event))).toBeNull();
  });

  it('is nobody whose preset was kept', () => {
    const kept = stateAfter(started, heard([9]), ...learnt(1, 9), { type: 'kept', preset: 'voice-1', name: 'eve' });
    expect(kept.voices[0]).toMatchObject({ phase: 'kept', name: 'eve' });
    expect(voiceToLearn(nextVoiceSearch(kept, heard([30])))).toBeNull();
  });

  it('tries a voice that could not be learnt again when it was alone for longer', () => {
    const failed = stateAfter(
      started,
      heard([9]),
      { type: 'learning', number: 1 },
      { type: 'failed', seconds: 9, beside: 0, problem: 'too quiet' },
    );
    expect(failed).toMatchObject({ phase: 'listening', problem: 'too quiet' });
    expect(voiceToLearn(nextVoiceSearch(failed, heard([12])))).toBeNull();
    expect(voiceToLearn(nextVoiceSearch(failed, heard([20])))).toBe(1);
  });
});

describe('nextVoiceSearch', () => {
  it('changes nothing after the end, except what is kept', () => {
    const ended = stateAfter(started, heard([9]), ...learnt(1, 9), {
      type: 'stopped',
      problem: 'the thread has ended',
    });
    expect(ended).toMatchObject({ phase: 'off', learning: null, problem: 'the thread has ended' });
    for (const event of [heard([30]), ...learnt(1, 30)]) expect(nextVoiceSearch(ended, event)).toBe(ended);
    expect(nextVoiceSearch(ended, { type: 'kept', preset: 'Voice-1', name: 'eve' }).voices[0]?.phase).toBe('kept');
  });

  it('a voice that is kept while it is learnt again stays kept', () => {
    const { voices, phase } = stateAfter(
      started,
      heard([9]),
      ...learnt(1, 9),
      { type: 'learning', number: 1 },
      { type: 'kept', preset: 'voice-1', name: 'eve' },
      { type: 'learnt', name: 'voice-1', seconds: 20, beside: 0 },
    );
    expect(phase).toBe('listening');
    expect(voices).toMatchObject([{ phase: 'kept', name: 'eve' } satisfies Partial<SearchedVoice>]);
  });
});

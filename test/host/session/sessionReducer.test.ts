import { describe, expect, it } from 'vitest';
import type { PresetEntry } from '../../../host/library/PresetLibrary.ts';
import { type ControlMessage, checkControlMessage } from '../../../host/protocol/controlMessages.ts';
import type { LiveState } from '../../../host/protocol/LiveState.ts';
import { defaultSettings, initialState, snapshotOf, speakerStrips } from '../../../host/session/liveSettings.ts';
import { reduceSession } from '../../../host/session/sessionReducer.ts';

const settings = defaultSettings({ speakers: speakerStrips(['ann', 'bob']) });
const saved = snapshotOf({ ...settings, latency: 'studio', speakers: speakerStrips(['carl']) });
const snapshot = (name: string) => (name === 'Interview' ? saved : null);
const newVoice = () => 3;
const state: LiveState = { ...initialState(settings, [], ['Interview'], []), phase: 'running' };
const listed = (name: string): PresetEntry => ({ name, origin: 'own', path: '', preset: null, problem: 'for tests' });
const recording = { folder: 'takes', seconds: 1, bytes: 1 };

describe('reduceSession', () => {
  it('recalls a snapshot, and keeps the devices', () => {
    const chosen = { ...state, settings: { ...settings, input: 'headset' } };
    expect(reduceSession(chosen, { type: 'recallSnapshot', name: 'Interview' }, snapshot, newVoice)).toEqual({
      settings: { ...chosen.settings, ...saved, speakers: [{ ...saved.speakers[0]!, id: 3 }] },
      effect: { type: 'applySettings' },
    });
  });

  it('a recalled voice that is loaded keeps its id, so that it is not interrupted', () => {
    const speakers = speakerStrips(['carl', 'bob', 'carl']);
    const both = { ...state, settings: { ...settings, speakers } };
    const twice = snapshotOf({ ...settings, speakers: speakerStrips(['ann', 'carl', 'carl', 'carl']) });
    const step = reduceSession(
      both,
      { type: 'recallSnapshot', name: 'Interview' },
      () => twice,
      () => 9,
    );
    expect(step.settings.speakers.map(({ preset, id }) => [preset, id])).toEqual([
      ['ann', 9],
      ['carl', 1],
      ['carl', 3],
      ['carl', 9],
    ]);
  });

  it('gives every loaded speaker of a renamed preset the new name', () => {
    const message = checkControlMessage({ type: 'renamePreset', preset: 'bob', name: 'rob' });
    const twice = { ...state, settings: { ...settings, speakers: speakerStrips(['bob', 'ann', 'bob']) } };
    const step = reduceSession(twice, message, snapshot, newVoice);
    expect(step.settings.speakers.map(({ preset }) => preset)).toEqual(['rob', 'ann', 'rob']);
    expect(step.effect).toBe(message);
  });

  it('takes a name in any spelling for the preset of the library', () => {
    const presets = initialState(settings, [listed('Zo\u00eb')], [], []).presets;
    const load = checkControlMessage({ type: 'loadPreset', slot: 2, preset: 'ZOE\u0308' });
    const loaded = reduceSession({ ...state, presets }, load, snapshot, newVoice).settings;
    expect(loaded.speakers.map(({ preset }) => String(preset))).toEqual(['ann', 'bob', 'Zo\u00eb']);
    const unload = checkControlMessage({ type: 'unloadPreset', slot: 2, voice: 'zo\u00eb' });
    expect(reduceSession({ ...state, settings: loaded }, unload, snapshot, newVoice).settings.speakers).toHaveLength(2);
  });

  it.each<[ControlMessage, Partial<LiveState>]>([
    [{ type: 'startRecording' }, { recording }],
    [{ type: 'stopRecording' }, { recording: null }],
    [{ type: 'cancelEnrolment' }, { enrolment: null }],
    [{ type: 'deleteSnapshot', name: 'Lecture' }, {}],
  ])('%j has no effect in a state that is already as requested', (message, changes) => {
    expect(reduceSession({ ...state, ...changes }, checkControlMessage(message), snapshot, newVoice)).toEqual({
      settings,
      effect: null,
    });
  });

  it.each<[ControlMessage, Partial<LiveState>, RegExp]>([
    [{ type: 'recallSnapshot', name: 'Lecture' }, {}, /no snapshot is called "Lecture"/],
    [{ type: 'deletePreset', preset: 'ann' }, {}, /"ann" is loaded/],
    [{ type: 'startRecording' }, { phase: 'waiting' }, /^gone: no device is open/],
    [{ type: 'startEnrolment', name: 'eve', source: 'microphone' }, { phase: 'waiting' }, /^gone: no device is open/],
    [
      { type: 'startRecording' },
      { phase: 'waiting', settings: { ...settings, backend: 'file' } },
      /^gone: the file is not playing now.*try again in a few seconds$/,
    ],
    [{ type: 'deletePreset', preset: 'ANN' }, {}, /"ANN" is loaded/],
    [{ type: 'trainEnrolment' }, { enrolment: null }, /start an enrolment first/],
  ])('%j is refused in the state %j', (message, changes, reason) => {
    expect(() => reduceSession({ ...state, ...changes }, checkControlMessage(message), snapshot, newVoice)).toThrow(
      reason,
    );
  });
});

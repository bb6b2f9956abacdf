import { describe, expect, it } from 'vitest';
import { presetName } from '../../../engine/model/PresetName.ts';
import {
  type RecordingEvent as Event,
  learntVoice,
  nextRecording,
  type OpenedRecording as Opened,
  openedRecording,
  shownRecording,
} from '../../../engine/recording/recordingReducer.ts';
import type { SeparatedRecording } from '../../../host/recording/recordingThreadMessages.ts';
import { IMPORTED, separatedInto } from '../../host/recording/FakeRecordingWorker.ts';

type OpenedRecording = Opened<SeparatedRecording>;
type RecordingEvent = Event<SeparatedRecording>;

const names = [presetName('ann'), presetName('bob')];
const voices = names.map((name, index) => ({ id: index + 1, name }));
const annotation = { voices, segments: [{ id: 3, voice: 0, startSeconds: 0, endSeconds: 4, certainty: 0.9 }] };
const reached = (...events: readonly RecordingEvent[]): OpenedRecording =>
  events.reduce(nextRecording, openedRecording(1, 'talk.wav'));

const imported: RecordingEvent = { type: 'imported', imported: { ...IMPORTED, remarks: ['2 channels'] } };
const finding: RecordingEvent = { type: 'started', phase: 'finding' };
const separating: RecordingEvent = { type: 'started', phase: 'separating' };
const found: RecordingEvent = {
  type: 'found',
  speech: { annotation, overlap: new Float32Array(4), remarks: ['a guess'] },
};
const separated: RecordingEvent = {
  type: 'separated',
  separation: { revision: 1, annotation, ...separatedInto(names) },
};
const cancelled: RecordingEvent = { type: 'cancelled' };
const failed: RecordingEvent = { type: 'failed', problem: 'no speech' };
const progressed: RecordingEvent = { type: 'progressed', fraction: 0.5, detail: 'learning ann' };
const edited = (name = 'eve'): RecordingEvent => ({
  type: 'edited',
  edit: { type: 'addVoice', name: presetName(name) },
  newId: () => 9,
});
const EVENTS = { imported, finding, separating, found, separated, cancelled, failed, progressed, edited: edited() };

const STATES: Readonly<Record<string, OpenedRecording>> = {
  importing: reached(),
  unreadable: reached(failed),
  ready: reached(imported),
  finding: reached(imported, finding),
  separating: reached(imported, finding, found, separating),
};

describe('the phase of a recording', () => {
  it.each<[string, keyof typeof EVENTS, string]>([
    ['importing', 'imported', 'ready'],
    ['importing', 'failed', 'ready'],
    ['ready', 'finding', 'finding'],
    ['ready', 'separating', 'separating'],
    ['finding', 'found', 'ready'],
    ['finding', 'cancelled', 'ready'],
    ['finding', 'failed', 'ready'],
    ['separating', 'separated', 'ready'],
    ['separating', 'cancelled', 'ready'],
    ['separating', 'failed', 'ready'],
  ])('%s becomes, by %s, %s', (state, event, phase) => {
    expect(nextRecording(STATES[state]!, EVENTS[event]).phase).toBe(phase);
  });

  it.each<[string, readonly (keyof typeof EVENTS)[]]>([
    ['importing', ['finding', 'separating', 'found', 'separated', 'cancelled', 'edited']],
    [
      'unreadable',
      ['imported', 'finding', 'separating', 'found', 'separated', 'cancelled', 'failed', 'progressed', 'edited'],
    ],
    ['ready', ['imported', 'found', 'separated', 'cancelled', 'failed', 'progressed']],
    ['finding', ['imported', 'finding', 'separating', 'separated', 'edited']],
    ['separating', ['imported', 'finding', 'separating', 'found', 'edited']],
  ])('%s ignores what does not fit', (state, events) => {
    for (const event of events) expect(nextRecording(STATES[state]!, EVENTS[event]), event).toBe(STATES[state]);
  });
});

it('shows the progress of work, and nothing of it afterwards', () => {
  expect(shownRecording(reached(imported, finding, progressed))).toMatchObject({
    progress: 0.5,
    detail: 'learning ann',
  });
  expect(shownRecording(reached(imported, finding, progressed, found))).toMatchObject({ progress: 0, detail: null });
  expect(shownRecording(reached(imported, finding, progressed, cancelled))).toMatchObject({
    progress: 0,
    detail: null,
  });
});

it('shows a problem until something else is done, and keeps what existed before it', () => {
  const state = reached(imported, finding, found, finding, failed);
  expect(shownRecording(state)).toMatchObject({ problem: 'no speech', voices: [{ name: 'ann' }, { name: 'bob' }] });
  expect(shownRecording(nextRecording(state, finding)).problem).toBeNull();
  expect(shownRecording(nextRecording(state, edited())).problem).toBeNull();
});

it('shows remarks of import and search, duration, and speaking times', () => {
  expect(shownRecording(reached(imported, finding, found))).toMatchObject({
    seconds: 20,
    sampleRateHertz: 16_000,
    remarks: ['2 channels', 'a guess'],
    voices: [
      { name: 'ann', speakingSeconds: 4 },
      { name: 'bob', speakingSeconds: 0 },
    ],
  });
});

describe('tracks', () => {
  const tracks = (...events: readonly RecordingEvent[]) =>
    shownRecording(reached(imported, finding, found, separating, separated, ...events)).tracks;

  it('belong to the segments from which they were separated, also after undo', () => {
    expect(shownRecording(reached(imported, finding, found)).tracks).toBe('none');
    expect(tracks()).toBe('current');
    expect(tracks(edited())).toBe('outdated');
    expect(tracks(edited(), { type: 'undone' })).toBe('current');
    expect(tracks(edited(), { type: 'undone' }, { type: 'redone' })).toBe('outdated');
  });

  it('are still of the same voices under other names', () => {
    const rename = { type: 'rename', voice: 0, name: presetName('eve') } as const;
    expect(tracks({ type: 'edited', edit: rename, newId: () => 9 })).toBe('current');
  });

  it('give what was learnt of a voice wherever it is now', () => {
    const merge = { type: 'merge', voice: 0, into: 1 } as const;
    const state = reached(imported, finding, found, separating, separated, {
      type: 'edited',
      edit: merge,
      newId: () => 9,
    });
    expect(JSON.parse(learntVoice(state, 0).presetText)).toMatchObject({ name: 'bob' });
    expect(() => learntVoice(state, 1)).toThrow(/^voice must be less than 1, the number of voices, got 1$/);
    expect(() => learntVoice(nextRecording(state, edited('new')), 1)).toThrow(/^"new" has not been learnt/);
  });
});

it('counts changes of the segments, not of names', () => {
  const revision = (...events: readonly RecordingEvent[]) =>
    reached(imported, finding, found, ...events).segmentsRevision;
  expect(revision()).toBe(1);
  expect(revision(edited())).toBe(1);
  expect(revision({ type: 'undone' })).toBe(2);
  expect(revision({ type: 'undone' }, { type: 'redone' })).toBe(3);
});

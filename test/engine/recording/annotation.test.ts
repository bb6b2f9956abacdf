import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { MOST_VOICES } from '../../../engine/diarization/diarize.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import {
  type Annotation,
  editedAnnotation,
  isSameSpeech,
  speakingSeconds,
} from '../../../engine/recording/annotation.ts';
import { NO_HISTORY, recorded, redone, undone } from '../../../engine/recording/annotationHistory.ts';
import type { RecordingEdit } from '../../../host/protocol/recordingMessages.ts';
import { MAXIMUM_RECORDING_VOICES } from '../../../host/protocol/recordingState.ts';

const SECONDS = 20;
const name = presetName;
const annotation: Annotation = {
  voices: [
    { id: 1, name: name('ann') },
    { id: 2, name: name('bob') },
    { id: 3, name: name('carl') },
  ],
  segments: [
    { id: 11, voice: 0, startSeconds: 0, endSeconds: 4, certainty: 0.9 },
    { id: 12, voice: 1, startSeconds: 5, endSeconds: 9, certainty: 0.8 },
    { id: 13, voice: 2, startSeconds: 10, endSeconds: 12, certainty: 0.7 },
  ],
};
const edited = (edit: RecordingEdit) => editedAnnotation(annotation, edit, SECONDS, () => 99);
/** Segments as `id:voice start-end certainty`. */
const segments = ({ segments: all }: Annotation) =>
  all.map((each) => `${each.id}:${each.voice} ${each.startSeconds}-${each.endSeconds} ${each.certainty ?? 'user'}`);
const names = ({ voices }: Annotation) => voices.map((voice) => voice.name);

describe('an edit', () => {
  it.each<[RecordingEdit, readonly string[]]>([
    [
      { type: 'move', segment: 12, startSeconds: 15, endSeconds: 20 },
      ['11:0 0-4 0.9', '13:2 10-12 0.7', '12:1 15-20 user'],
    ],
    [{ type: 'assign', segment: 11, voice: 2 }, ['11:2 0-4 user', '12:1 5-9 0.8', '13:2 10-12 0.7']],
    [
      { type: 'add', voice: 0, startSeconds: 4, endSeconds: 4.5 },
      ['11:0 0-4 0.9', '99:0 4-4.5 user', '12:1 5-9 0.8', '13:2 10-12 0.7'],
    ],
    [{ type: 'remove', segment: 12 }, ['11:0 0-4 0.9', '13:2 10-12 0.7']],
    [{ type: 'merge', voice: 0, into: 2 }, ['11:1 0-4 user', '12:0 5-9 0.8', '13:1 10-12 0.7']],
    [{ type: 'merge', voice: 2, into: 0 }, ['11:0 0-4 0.9', '12:1 5-9 0.8', '13:0 10-12 user']],
  ])('%j changes the segments', (edit, expected) => {
    const before = structuredClone(annotation);
    expect(segments(edited(edit))).toEqual(expected);
    expect(annotation).toEqual(before);
  });

  it('renames, adds and merges voices, which keep their ids', () => {
    expect(names(edited({ type: 'rename', voice: 1, name: name('Bob') }))).toEqual(['ann', 'Bob', 'carl']);
    expect(edited({ type: 'addVoice', name: name('dan') }).voices.at(-1)).toEqual({ id: 99, name: 'dan' });
    expect(edited({ type: 'merge', voice: 0, into: 1 }).voices.map(({ id }) => id)).toEqual([2, 3]);
  });

  it.each<[RecordingEdit, RegExp]>([
    [{ type: 'move', segment: 7, startSeconds: 0, endSeconds: 1 }, /^segment 7 does not exist any more$/],
    [{ type: 'move', segment: 11, startSeconds: 0, endSeconds: 20.1 }, /^endSeconds must be at most 20, .*, got 20.1$/],
    [
      { type: 'move', segment: 11, startSeconds: 3, endSeconds: 3 },
      /^endSeconds must be at least 0.05 after .*, got 3$/,
    ],
    [{ type: 'assign', segment: 11, voice: 3 }, /^voice must be less than 3, the number of voices, got 3$/],
    [{ type: 'assign', segment: 1, voice: 0 }, /^segment 1 does not exist any more$/],
    [{ type: 'add', voice: 5, startSeconds: 0, endSeconds: 1 }, /^voice must be less than 3/],
    [{ type: 'add', voice: 0, startSeconds: 2, endSeconds: 1 }, /^endSeconds must be at least/],
    [{ type: 'remove', segment: 99 }, /^segment 99/],
    [{ type: 'rename', voice: 0, name: name('BOB') }, /^name: another voice is called "bob"$/],
    [{ type: 'addVoice', name: name('Ann') }, /^name: another voice is called "ann"$/],
    [{ type: 'merge', voice: 1, into: 1 }, /^into: must be another voice than voice, got 1 for both$/],
    [{ type: 'merge', voice: 1, into: 3 }, /^voice must be less than 3/],
  ])('%j is refused', (edit, reason) => {
    expect(() => edited(edit)).toThrow(InputError);
    expect(() => edited(edit)).toThrow(reason);
  });

  it('adds no seventh voice', () => {
    let six = annotation;
    for (const text of ['d', 'e', 'f'])
      six = editedAnnotation(six, { type: 'addVoice', name: name(text) }, 20, () => 4);
    expect(() => editedAnnotation(six, { type: 'addVoice', name: name('g') }, 20, () => 5)).toThrow(/at most 6 voices/);
  });
});

it('the speaking time of a voice is that of its segments', () => {
  expect(speakingSeconds(annotation)).toEqual([4, 4, 2]);
});

it('another name is no other speech; another segment or voice is', () => {
  expect(isSameSpeech(annotation, edited({ type: 'rename', voice: 0, name: name('eve') }))).toBe(true);
  expect(isSameSpeech(annotation, edited({ type: 'addVoice', name: name('eve') }))).toBe(false);
  expect(isSameSpeech(annotation, edited({ type: 'remove', segment: 11 }))).toBe(false);
});

describe('the history', () => {
  const step = (id: number): Annotation => ({ voices: [{ id, name: name(`v${id}`) }], segments: [] });

  it('undoes and redoes in order, and forgets what is undone when there is another change', () => {
    const three = [1, 2, 3].reduce((history, id) => recorded(history, step(id)), NO_HISTORY);
    const back = undone(undone(three)!)!;
    expect(back.present).toEqual(step(1));
    expect(redone(back)!.present).toEqual(step(2));
    expect(redone(redone(back)!)).toEqual(three);
    expect(redone(three)).toBeNull();
    expect(redone(recorded(back, step(4)))).toBeNull();
    expect(undone(NO_HISTORY)).toBeNull();
  });

  it('keeps the latest 100 steps', () => {
    let history = NO_HISTORY;
    for (let id = 1; id <= 150; id++) history = recorded(history, step(id));
    for (let count = 0; count < 100; count++) history = undone(history)!;
    expect(history.present).toEqual(step(50));
    expect(undone(history)).toBeNull();
  });
});

it('a recording may have as many voices as can be found in one', () => {
  expect(MAXIMUM_RECORDING_VOICES).toBe(MOST_VOICES);
});

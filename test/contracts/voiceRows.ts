import { presetName } from '../../engine/model/PresetName.ts';
import { type AcceptedRow, type RefusedRow, UNITY, unchanged, withSettings, withSpeaker } from './controlRow.ts';

/** Messages that address a voice by its id: ann has 1, bob 2, the next one 3. */
export const ACCEPTED_BY_ID: readonly AcceptedRow[] = [
  {
    title: 'a voice is found by its id, wherever it is',
    steps: [{ type: 'unloadPreset', slot: 0 }],
    message: { type: 'setSpeaker', voice: 2, isMuted: true },
    changes: (before) => withSpeaker(before, 0, { isMuted: true }),
  },
  {
    title: 'the slot holds the voice with this id',
    message: { type: 'setSpeaker', slot: 1, voice: 2, isSoloed: true },
    changes: (before) => withSpeaker(before, 1, { isSoloed: true }),
  },
  {
    title: 'one of two strips with the same preset',
    steps: [{ type: 'loadPreset', voice: null, preset: 'ann' }],
    message: { type: 'setSpeaker', voice: 3, gainDecibels: -20 },
    changes: (before) => withSpeaker(before, 2, { gainDecibels: -20 }),
  },
  {
    title: 'the voice is replaced by its id',
    steps: [{ type: 'unloadPreset', slot: 0 }],
    message: { type: 'loadPreset', voice: 2, preset: 'carl' },
    changes: (before) => withSpeaker(before, 0, { preset: 'carl', id: 3 }),
  },
  {
    title: 'the same preset is loaded already',
    message: { type: 'loadPreset', voice: 1, preset: 'ann' },
    changes: unchanged,
  },
  {
    title: 'a voice that is loaded again is another one',
    steps: [{ type: 'unloadPreset', voice: 2 }],
    message: { type: 'loadPreset', voice: null, preset: 'bob' },
    changes: (before) =>
      withSettings(before, {
        speakers: [...before.settings.speakers, { ...UNITY, id: 3, preset: presetName('bob'), colour: '#56b4e9' }],
      }),
  },
  {
    message: { type: 'unloadPreset', voice: 2 },
    changes: (before) => withSettings(before, { speakers: before.settings.speakers.slice(0, 1) }),
  },
];

export const REFUSED_BY_ID: readonly RefusedRow[] = [
  {
    title: 'neither slot nor id',
    message: { type: 'setSpeaker', isMuted: true },
    reason: /^slot: must be given unless voice is the id of a strip$/,
  },
  {
    title: 'a preset without its slot',
    message: { type: 'unloadPreset', voice: 'ann' },
    reason: /^slot: must be given unless/,
  },
  {
    title: 'the slot holds a voice with another id',
    message: { type: 'setSpeaker', slot: 0, voice: 2, isMuted: true },
    reason: /^slot 0 now holds voice 1, not voice 2$/,
  },
  {
    title: 'the voice has been replaced by the same person, loaded again',
    steps: [
      { type: 'unloadPreset', voice: 1 },
      { type: 'loadPreset', voice: null, preset: 'ann' },
    ],
    message: { type: 'setSpeaker', voice: 1, isMuted: true },
    reason: /^voice 1 is not loaded any more$/,
  },
  { message: { type: 'setSpeaker', voice: 0, isMuted: true }, reason: /^voice: / },
  {
    title: 'no slot is free for another voice',
    steps: Array.from({ length: 6 }, () => ({ type: 'loadPreset', voice: null, preset: 'carl' })),
    message: { type: 'loadPreset', voice: null, preset: 'ann' },
    reason: /^all 8 slots are taken: /,
  },
  {
    title: 'the voice to replace has been unloaded',
    steps: [{ type: 'unloadPreset', voice: 2 }],
    message: { type: 'loadPreset', voice: 2, preset: 'carl' },
    reason: /^voice 2 is not loaded any more$/,
  },
  {
    title: 'a second click, by id',
    steps: [{ type: 'unloadPreset', voice: 1 }],
    message: { type: 'unloadPreset', voice: 1 },
    reason: /^voice 1 is not loaded any more$/,
  },
];

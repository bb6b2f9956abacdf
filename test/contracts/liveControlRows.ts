import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { presetName } from '../../engine/model/PresetName.ts';
import { DEMO_SPEAKERS } from '../../host/files/demoFiles.ts';
import { presetFolders } from '../../host/library/PresetLibrary.ts';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { EnrolmentState } from '../../host/protocol/LiveState.ts';
import { INTERRUPTED } from '../../host/session/EnrolmentController.ts';
import type { LiveControl } from '../../host/session/LiveControl.ts';
import { speakerStrips } from '../../host/session/liveSettings.ts';
import {
  type AcceptedRow,
  BUNDLED,
  type RefusedRow,
  UNITY,
  unchanged,
  withSettings,
  withSpeaker,
} from './controlRow.ts';
import { ACCEPTED_OF_RECORDINGS, REFUSED_OF_RECORDINGS } from './recordingRows.ts';
import { ACCEPTED_OF_TAKES, REFUSED_OF_TAKES } from './takeRows.ts';
import { ACCEPTED_BY_ID, REFUSED_BY_ID } from './voiceRows.ts';
import { ACCEPTED_OF_VOICE_SEARCH, REFUSED_OF_VOICE_SEARCH } from './voiceSearchRows.ts';

const NEW_ENROLMENT: EnrolmentState = {
  name: 'eve',
  phase: 'ready',
  speechSeconds: 0,
  recordedSeconds: 0,
  hints: [],
  progress: 0,
  canClean: false,
  remainingSeconds: null,
  loss: null,
  message: null,
  files: [],
};
const enrolFromFiles: ControlMessage = { type: 'startEnrolment', name: 'eve', source: 'files' };
const enrolFromMicrophone: ControlMessage = { type: 'startEnrolment', name: 'eve', source: 'microphone' };

export const ACCEPTED: readonly AcceptedRow[] = [
  ...ACCEPTED_BY_ID,
  ...ACCEPTED_OF_RECORDINGS,
  ...ACCEPTED_OF_TAKES,
  ...ACCEPTED_OF_VOICE_SEARCH,
  {
    message: { type: 'setSpeaker', slot: 1, gainDecibels: -6, isMuted: true, isSoloed: true, isSent: true },
    changes: (before) => withSpeaker(before, 1, { gainDecibels: -6, isMuted: true, isSoloed: true, isSent: true }),
  },
  {
    message: { type: 'setSpeaker', slot: 0, colour: '#102030' },
    changes: (before) => withSpeaker(before, 0, { colour: '#102030' }),
  },
  {
    title: 'the slot holds the voice that is meant',
    message: { type: 'setSpeaker', slot: 1, voice: 'bob', isMuted: true },
    changes: (before) => withSpeaker(before, 1, { isMuted: true }),
  },
  {
    message: { type: 'setRest', gainDecibels: -3, isMuted: true, isSoloed: true },
    changes: (before) => withSettings(before, { rest: { gainDecibels: -3, isMuted: true, isSoloed: true } }),
  },
  {
    message: { type: 'setMaster', wet: 0.5 },
    changes: (before) =>
      withSettings(before, { master: { gainDecibels: 0, isMuted: false, isBypassed: false, wet: 0.5 } }),
  },
  {
    message: { type: 'setParameters', iterations: 20 },
    changes: (before) => withSettings(before, { parameters: { ...before.settings.parameters, iterations: 20 } }),
  },
  {
    message: { type: 'setWindow', latency: 'call', windowSeconds: 0.128 },
    changes: (before) => withSettings(before, { latency: 'call', windowSeconds: 0.128 }),
  },
  {
    title: 'a latency that the window is too short for resets the window',
    steps: [{ type: 'setWindow', latency: 'ear', windowSeconds: 0.02 }],
    message: { type: 'setWindow', latency: 'studio' },
    changes: (before) => withSettings(before, { latency: 'studio', windowSeconds: null }),
  },
  {
    message: { type: 'setDevices', input: 'headset', output: 'none', send: 'out' },
    changes: (before) => ({
      ...withSettings(before, { input: 'headset', output: 'none', send: 'out' }),
      inputName: 'Jabra Evolve 65',
      outputName: null,
      sendName: 'Built-in Audio Analog Stereo',
    }),
  },
  {
    title: 'other devices end a take, with a message',
    steps: [{ type: 'startRecording' }],
    message: { type: 'setDevices', inputChannel: 1 },
    changes: (before) => ({
      ...withSettings(before, { inputChannel: 1 }),
      recording: null,
      problem: expect.stringMatching(/^the recording has ended .* readable/) as string,
    }),
  },
  {
    title: 'other devices end the recording of a voice, which is kept',
    steps: [enrolFromMicrophone],
    message: { type: 'setDevices', inputChannel: 1 },
    changes: (before) => ({
      ...withSettings(before, { inputChannel: 1 }),
      enrolment: { ...NEW_ENROLMENT, phase: 'ready', message: INTERRUPTED },
    }),
  },
  { message: { type: 'refreshDevices' }, changes: unchanged },
  {
    message: { type: 'loadPreset', slot: 2, preset: 'carl' },
    changes: (before) => ({
      ...withSettings(before, {
        speakers: [...before.settings.speakers, { ...UNITY, id: 3, preset: presetName('carl'), colour: '#009e73' }],
      }),
    }),
  },
  {
    title: 'a slot beyond the next free one adds a speaker',
    message: { type: 'loadPreset', slot: 7, preset: BUNDLED },
    changes: (before) =>
      withSettings(before, {
        speakers: [...before.settings.speakers, { ...UNITY, id: 3, preset: presetName(BUNDLED), colour: '#009e73' }],
      }),
  },
  {
    title: 'a replaced speaker keeps fader and colour of its strip',
    steps: [{ type: 'setSpeaker', slot: 0, gainDecibels: -9 }],
    message: { type: 'loadPreset', slot: 0, preset: 'carl' },
    changes: (before) => withSpeaker(before, 0, { preset: 'carl', id: 3 }),
  },
  {
    message: { type: 'unloadPreset', slot: 0 },
    changes: (before) => withSettings(before, { speakers: before.settings.speakers.slice(1) }),
  },
  {
    title: 'a loaded speaker keeps its strip under the new name',
    message: { type: 'renamePreset', preset: 'bob', name: 'rob' },
    changes: (before) => ({
      ...withSpeaker(before, 1, { preset: 'rob' }),
      presets: ['ann, own', 'carl, own', 'dave, bundled', 'rob, own'],
    }),
  },
  {
    title: 'only the case of the name differs',
    message: { type: 'renamePreset', preset: 'carl', name: 'Carl' },
    changes: () => ({ presets: ['ann, own', 'bob, own', 'Carl, own', 'dave, bundled'] }),
  },
  {
    message: { type: 'deletePreset', preset: 'carl' },
    changes: () => ({ presets: ['ann, own', 'bob, own', 'dave, bundled'], deletedPresets: ['carl'] }),
  },
  {
    steps: [{ type: 'deletePreset', preset: 'carl' }],
    message: { type: 'restorePreset', preset: 'carl' },
    changes: () => ({ presets: ['ann, own', 'bob, own', 'carl, own', 'dave, bundled'], deletedPresets: [] }),
  },
  {
    steps: [{ type: 'saveSnapshot', name: 'Lecture' }],
    message: { type: 'saveSnapshot', name: 'Interview' },
    changes: () => ({ snapshots: ['Interview', 'Lecture'] }),
  },
  {
    title: 'a snapshot restores everything but the devices',
    steps: [
      { type: 'saveSnapshot', name: 'Interview' },
      { type: 'setDevices', input: 'headset' },
      { type: 'unloadPreset', slot: 0 },
      { type: 'setMaster', wet: 0.25 },
      { type: 'setWindow', latency: 'studio' },
    ],
    message: { type: 'recallSnapshot', name: 'Interview' },
    changes: (before) =>
      withSettings(before, {
        latency: 'monitor',
        speakers: [{ ...UNITY, id: 3, preset: presetName('ann'), colour: '#e69f00' }, ...before.settings.speakers],
        master: { gainDecibels: 0, isMuted: false, isBypassed: false, wet: 1 },
      }),
  },
  {
    steps: [{ type: 'saveSnapshot', name: 'Interview' }],
    message: { type: 'deleteSnapshot', name: 'Interview' },
    changes: () => ({ snapshots: [], deletedSnapshots: ['Interview'] }),
  },
  {
    steps: [
      { type: 'saveSnapshot', name: 'Interview' },
      { type: 'deleteSnapshot', name: 'Interview' },
    ],
    message: { type: 'restoreSnapshot', name: 'Interview' },
    changes: () => ({ snapshots: ['Interview'], deletedSnapshots: [] }),
  },
  {
    steps: [addDemoVoices],
    message: { type: 'startDemo' },
    changes: (before) => ({
      ...withSettings(before, {
        backend: 'file',
        speakers: speakerStrips(DEMO_SPEAKERS).map((strip, slot) => ({ ...strip, id: slot + 3 })),
      }),
      backend: 'file',
    }),
  },
  { title: 'no snapshot has this name', message: { type: 'deleteSnapshot', name: 'Interview' }, changes: unchanged },
  {
    message: { type: 'startRecording' },
    changes: () => ({ recording: { folder: 'any', seconds: 0, bytes: 0 } }),
  },
  {
    title: 'a second start continues the same take',
    steps: [{ type: 'startRecording' }],
    message: { type: 'startRecording' },
    changes: unchanged,
  },
  {
    steps: [{ type: 'startRecording' }],
    message: { type: 'stopRecording' },
    changes: () => ({ recording: null }),
  },
  { title: 'nothing is being recorded', message: { type: 'stopRecording' }, changes: unchanged },
  { message: enrolFromFiles, changes: () => ({ enrolment: NEW_ENROLMENT }) },
  {
    title: 'another enrolment ends the one before',
    steps: [enrolFromFiles],
    message: { type: 'startEnrolment', name: 'zoe', source: 'microphone' },
    changes: () => ({ enrolment: { ...NEW_ENROLMENT, name: 'zoe', phase: 'recording' } }),
  },
  {
    steps: [enrolFromFiles, uploadVoice],
    message: { type: 'removeEnrolmentFile', name: 'voice.flac' },
    changes: () => ({ enrolment: NEW_ENROLMENT }),
  },
  {
    steps: [enrolFromFiles, uploadVoice],
    message: { type: 'trainEnrolment' },
    changes: ({ enrolment }) => ({
      enrolment: enrolment === null ? null : { ...enrolment, phase: 'training' },
    }),
  },
  { steps: [enrolFromFiles], message: { type: 'cancelEnrolment' }, changes: () => ({ enrolment: null }) },
  {
    title: 'a training is cancelled',
    steps: [enrolFromFiles, uploadVoice, { type: 'trainEnrolment' }],
    message: { type: 'cancelEnrolment' },
    changes: () => ({ enrolment: null }),
  },
  { title: 'there is no enrolment', message: { type: 'cancelEnrolment' }, changes: unchanged },
];

export const REFUSED: readonly RefusedRow[] = [
  ...REFUSED_BY_ID,
  ...REFUSED_OF_RECORDINGS,
  ...REFUSED_OF_TAKES,
  ...REFUSED_OF_VOICE_SEARCH,
  { message: { type: 'setSpeaker', slot: 2, isMuted: true }, reason: /^slot must be less than 2, .*, got 2$/ },
  {
    title: 'the voice has moved to another slot',
    steps: [{ type: 'unloadPreset', slot: 0 }],
    message: { type: 'setSpeaker', slot: 0, voice: 'ann', isMuted: true },
    reason: /^slot 0 now holds "bob", not "ann"$/,
  },
  { message: { type: 'setSpeaker', slot: 8, isMuted: true }, reason: /^slot: / },
  { message: { type: 'setSpeaker', slot: 0, gainDecibels: 99 }, reason: /^gainDecibels: must be at most 12$/ },
  { message: { type: 'setRest', gainDecibels: -61 }, reason: /^gainDecibels: must be at least -60$/ },
  { message: { type: 'setMaster', wet: 2 }, reason: /^wet: must be at most 1$/ },
  { message: { type: 'setParameters', maskExponent: 9 }, reason: /^maskExponent: must be at most 8$/ },
  { message: { type: 'setWindow', latency: 'slow' }, reason: /^latency: / },
  {
    title: 'unknown device',
    message: { type: 'setDevices', input: 'violin' },
    reason: /^no-device: no input device matches "violin"; choose one of: 0 "Scarlett/,
    kind: 'no-device',
  },
  { message: { type: 'setDevices', output: 'violin' }, reason: /no output device matches/, kind: 'no-device' },
  {
    title: 'the null device',
    message: { type: 'setDevices', backend: 'null' },
    reason: /^backend must be one of .*, got "null"$/,
  },
  { message: { type: 'refreshDevices', backend: 'file' }, reason: /backend/ },
  { message: { type: 'loadPreset', slot: 2, preset: 'zoe' }, reason: /no preset is called "zoe"/ },
  {
    title: 'another voice has been loaded into the slot',
    steps: [{ type: 'loadPreset', slot: 2, preset: 'carl' }],
    message: { type: 'loadPreset', slot: 2, voice: 'bob', preset: 'ann' },
    reason: /^slot 2 now holds "carl", not "bob"$/,
  },
  {
    title: 'no slot is free',
    steps: Array.from({ length: 6 }, () => ({ type: 'loadPreset', slot: 7, preset: 'carl' })),
    message: { type: 'loadPreset', slot: 7, voice: null, preset: 'ann' },
    reason: /^slot 7 now holds "carl", not no voice$/,
  },
  { message: { type: 'loadPreset', slot: 2, preset: '../ann' }, reason: /^preset: must be / },
  {
    title: 'unknown preset while no device is open',
    areDevicesLost: true,
    message: { type: 'loadPreset', slot: 2, preset: 'zoe' },
    reason: /no preset is called "zoe"/,
  },
  { message: { type: 'unloadPreset', slot: 2 }, reason: /^slot must be less than 2, .*, got 2$/ },
  {
    title: 'a second click, when the voice has gone and another one has moved into its slot',
    steps: [{ type: 'unloadPreset', slot: 0, voice: 'ann' }],
    message: { type: 'unloadPreset', slot: 0, voice: 'ann' },
    reason: /^slot 0 now holds "bob", not "ann"$/,
  },
  { message: { type: 'renamePreset', preset: 'carl', name: 'BOB' }, reason: /^a preset called "bob" exists/ },
  { message: { type: 'renamePreset', preset: BUNDLED, name: 'eve' }, reason: /^"dave" is bundled/ },
  { message: { type: 'renamePreset', preset: 'zoe', name: 'eve' }, reason: /no preset is called "zoe"/ },
  { message: { type: 'deletePreset', preset: 'ann' }, reason: /^"ann" is loaded: unload it/ },
  { message: { type: 'deletePreset', preset: BUNDLED }, reason: /^"dave" is bundled/ },
  { message: { type: 'deletePreset', preset: 'zoe' }, reason: /no preset is called "zoe"/ },
  {
    message: { type: 'restorePreset', preset: 'carl' },
    reason: /^no preset called "carl" has been deleted in this session$/,
  },
  {
    title: 'the name has been taken since',
    steps: [
      { type: 'deletePreset', preset: 'carl' },
      { type: 'renamePreset', preset: 'bob', name: 'Carl' },
    ],
    message: { type: 'restorePreset', preset: 'carl' },
    reason: /^a preset called "Carl" exists/,
  },
  { message: { type: 'saveSnapshot', name: 'a/b' }, reason: /^name: must be / },
  { message: { type: 'deleteSnapshot', name: '' }, reason: /^name: must be / },
  { message: { type: 'recallSnapshot', name: 'Lecture' }, reason: /^no snapshot is called "Lecture"$/ },
  {
    title: 'a preset of the snapshot is missing',
    steps: [
      { type: 'loadPreset', slot: 2, preset: 'carl' },
      { type: 'saveSnapshot', name: 'Three' },
      { type: 'unloadPreset', slot: 2 },
      { type: 'deletePreset', preset: 'carl' },
    ],
    message: { type: 'recallSnapshot', name: 'Three' },
    reason: /no preset is called "carl"/,
  },
  {
    areDevicesLost: true,
    message: { type: 'startRecording' },
    reason: /^gone: no device is open now; wait until/,
    kind: 'gone',
  },
  { message: { type: 'stopRecording', folder: '/' }, reason: /folder/ },
  {
    areDevicesLost: true,
    message: { type: 'startEnrolment', name: 'eve', source: 'microphone' },
    reason: /^gone: no device is open now; wait until/,
    kind: 'gone',
  },
  {
    title: 'the name exists; the enrolment before goes on',
    steps: [enrolFromFiles],
    message: { type: 'startEnrolment', name: 'ANN', source: 'microphone' },
    reason: /^a preset called "ann" exists/,
  },
  { message: { type: 'trainEnrolment' }, reason: /^there is nothing to train from: start an enrolment first$/ },
  {
    title: 'twice',
    steps: [enrolFromFiles, uploadVoice, { type: 'trainEnrolment' }],
    message: { type: 'trainEnrolment' },
    reason: /^"eve" is already being trained$/,
  },
  { message: { type: 'cancelEnrolment', name: 'eve' }, reason: /name/ },
  {
    steps: [enrolFromFiles],
    message: { type: 'removeEnrolmentFile', name: 'song.wav' },
    reason: /^there is no file called "song.wav"$/,
  },
  {
    message: { type: 'restoreSnapshot', name: 'Interview' },
    reason: /^no snapshot called "Interview" has been deleted$/,
  },
  { message: { type: 'startDemo' }, reason: /^no preset is called "synthetic-female"$/ },
];

async function addDemoVoices(session: LiveControl): Promise<void> {
  for (const name of DEMO_SPEAKERS) {
    await session.importPreset(readFileSync(join(presetFolders().bundled, `${name}.unmingle.json`), 'utf8'), false);
  }
}

function uploadVoice(session: LiveControl): Promise<void> {
  const path = join(presetFolders().bundled, 'demo', 'synthetic-male.flac');
  return session.addEnrolmentFile('voice.flac', createReadStream(path));
}

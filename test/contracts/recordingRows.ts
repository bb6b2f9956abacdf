import { filter, firstValueFrom } from 'rxjs';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import type { OpenRecording } from '../../host/protocol/recordingState.ts';
import type { LiveControl } from '../../host/session/LiveControl.ts';
import { FakeRecordingWorker } from '../host/recording/FakeRecordingWorker.ts';
import { type AcceptedRow, type RefusedRow, unchanged } from './controlRow.ts';

const addVoice = (name: string): ControlMessage => ({ type: 'editRecording', edit: { type: 'addVoice', name } });
const addSegment = (voice: number): ControlMessage => ({
  type: 'editRecording',
  edit: { type: 'add', voice, startSeconds: 1, endSeconds: 3 },
});
const twoVoices = [openRecording, addVoice('eve'), addVoice('zoe')];
const oneSegment = [...twoVoices, addSegment(0)];
const separated = [...oneSegment, { type: 'separateRecording' }, finishSeparation] as const;

function changed({ openRecording: before }: LiveState, changes: Partial<OpenRecording>) {
  return { openRecording: before === null ? null : { ...before, ...changes } };
}

/** Messages about the open recording that are carried out. */
export const ACCEPTED_OF_RECORDINGS: readonly AcceptedRow[] = [
  {
    steps: [openRecording],
    message: { type: 'findVoices', voices: null },
    changes: (before) => changed(before, { phase: 'finding' }),
  },
  {
    steps: twoVoices,
    message: addSegment(1),
    changes: (before) =>
      changed(before, {
        segmentsRevision: 1,
        voices: [
          { name: 'eve', speakingSeconds: 0 },
          { name: 'zoe', speakingSeconds: 2 },
        ],
      }),
  },
  {
    title: 'a new name is no change of the segments',
    steps: oneSegment,
    message: { type: 'editRecording', edit: { type: 'rename', voice: 0, name: 'Eve' } },
    changes: (before) =>
      changed(before, {
        voices: [
          { name: 'Eve', speakingSeconds: 2 },
          { name: 'zoe', speakingSeconds: 0 },
        ],
      }),
  },
  {
    steps: oneSegment,
    message: { type: 'undoRecording' },
    changes: (before) =>
      changed(before, {
        segmentsRevision: 2,
        canRedo: true,
        voices: [
          { name: 'eve', speakingSeconds: 0 },
          { name: 'zoe', speakingSeconds: 0 },
        ],
      }),
  },
  {
    steps: [openRecording, addVoice('eve'), { type: 'undoRecording' }],
    message: { type: 'redoRecording' },
    changes: (before) =>
      changed(before, { canUndo: true, canRedo: false, voices: [{ name: 'eve', speakingSeconds: 0 }] }),
  },
  {
    steps: oneSegment,
    message: { type: 'separateRecording' },
    changes: (before) => changed(before, { phase: 'separating' }),
  },
  {
    steps: [...oneSegment, { type: 'separateRecording' }],
    message: { type: 'cancelRecording' },
    changes: (before) => changed(before, { phase: 'ready' }),
  },
  { title: 'there is no work', steps: [openRecording], message: { type: 'cancelRecording' }, changes: unchanged },
  {
    title: 'while its voices are searched for',
    steps: [openRecording, { type: 'findVoices', voices: 2 }],
    message: { type: 'closeRecording' },
    changes: () => ({ openRecording: null }),
  },
  { title: 'no recording is open', message: { type: 'closeRecording' }, changes: unchanged },
  {
    title: 'under the name of the voice',
    steps: separated,
    message: { type: 'keepVoice', voice: 1 },
    changes: () => ({ presets: ['ann, own', 'bob, own', 'carl, own', 'dave, bundled', 'zoe, own'] }),
  },
];

/** Messages about the open recording that are refused. */
export const REFUSED_OF_RECORDINGS: readonly RefusedRow[] = [
  { message: { type: 'findVoices', voices: null }, reason: /^no recording is open: upload one first$/ },
  { steps: [openRecording], message: { type: 'findVoices', voices: 7 }, reason: /^voices: must be at most 6$/ },
  {
    title: 'a search is running',
    steps: [openRecording, { type: 'findVoices', voices: null }],
    message: { type: 'findVoices', voices: 2 },
    reason: /^"talk.wav" is being searched for voices: wait, or cancel that first$/,
  },
  {
    title: 'after the end of the recording',
    steps: twoVoices,
    message: { type: 'editRecording', edit: { type: 'add', voice: 0, startSeconds: 1, endSeconds: 21 } },
    reason: /^endSeconds must be at most 20, the end of the recording, got 21$/,
  },
  {
    title: 'unknown voice',
    steps: twoVoices,
    message: addSegment(2),
    reason: /^voice must be less than 2, the number of voices, got 2$/,
  },
  {
    title: 'unknown segment',
    steps: oneSegment,
    message: { type: 'editRecording', edit: { type: 'remove', segment: 99 } },
    reason: /^segment 99 does not exist any more$/,
  },
  {
    title: 'another voice has the name',
    steps: twoVoices,
    message: { type: 'editRecording', edit: { type: 'rename', voice: 0, name: 'ZOE' } },
    reason: /^name: another voice is called "zoe"$/,
  },
  { steps: [openRecording], message: { type: 'undoRecording' }, reason: /^there is nothing to undo$/ },
  { steps: twoVoices, message: { type: 'redoRecording' }, reason: /^there is nothing to redo$/ },
  {
    title: 'there are no voices',
    steps: [openRecording],
    message: { type: 'separateRecording' },
    reason: /^"talk.wav": find its voices, or add them, before separating them$/,
  },
  { message: { type: 'cancelRecording', id: 1 }, reason: /id/ },
  { message: { type: 'closeRecording', id: 1 }, reason: /id/ },
  {
    title: 'nothing has been learnt',
    steps: oneSegment,
    message: { type: 'keepVoice', voice: 0 },
    reason: /^"eve" has not been learnt: separate the recording first$/,
  },
  {
    title: 'the name is taken',
    steps: separated,
    message: { type: 'keepVoice', voice: 0, name: 'ANN' },
    reason: /^a preset called "ann" exists$/,
  },
];

async function openRecording(session: LiveControl): Promise<void> {
  await session.recordings.open('talk.wav', noSound());
  await untilReady(session);
}

async function finishSeparation(session: LiveControl): Promise<void> {
  FakeRecordingWorker.latest.finishSeparation();
  await untilReady(session);
}

async function untilReady({ state$ }: LiveControl): Promise<void> {
  await firstValueFrom(state$.pipe(filter(({ openRecording: each }) => each?.phase === 'ready')));
}

async function* noSound(): AsyncGenerator<Uint8Array> {}

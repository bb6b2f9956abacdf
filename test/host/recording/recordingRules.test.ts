import { expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { openedRecording, shownRecording } from '../../../engine/recording/recordingReducer.ts';
import type { RecordingMessage } from '../../../host/protocol/recordingMessages.ts';
import type { OpenRecording, RecordingPhase } from '../../../host/protocol/recordingState.ts';
import { isRecordingChanged } from '../../../host/recording/recordingRules.ts';

const WORK: readonly RecordingMessage[] = [
  { type: 'findVoices', voices: null },
  { type: 'editRecording', edit: { type: 'remove', segment: 1 } },
  { type: 'undoRecording' },
  { type: 'redoRecording' },
  { type: 'separateRecording' },
];
const keepVoice: RecordingMessage = { type: 'keepVoice', voice: 0 };

function inPhase(phase: RecordingPhase): OpenRecording {
  return {
    ...shownRecording(openedRecording(1, 'talk.wav')),
    phase,
    seconds: phase === 'importing' ? 0 : 20,
    voices: [{ name: 'ann', speakingSeconds: 9 }],
    canUndo: true,
    canRedo: true,
  };
}

it.each<[RecordingPhase, boolean]>([
  ['ready', true],
  ['importing', false],
  ['finding', false],
  ['separating', false],
])('while a recording is %s, new work is allowed: %s', (phase, isAllowed) => {
  for (const message of WORK) {
    const decide = () => isRecordingChanged(inPhase(phase), message);
    if (isAllowed) expect(decide()).toBe(true);
    else expect(decide).toThrow(/^"talk.wav" is being .*: wait, or cancel that first$/);
  }
});

it('a voice may be kept during a search or separation, not during the import', () => {
  for (const phase of ['ready', 'finding', 'separating'] as const)
    expect(isRecordingChanged(inPhase(phase), keepVoice)).toBe(true);
  expect(() => isRecordingChanged(inPhase('importing'), keepVoice)).toThrow(InputError);
});

it('work is cancelled if there is any, and a recording closed if one is open', () => {
  for (const phase of ['importing', 'finding', 'separating'] as const)
    expect(isRecordingChanged(inPhase(phase), { type: 'cancelRecording' })).toBe(true);
  expect(isRecordingChanged(inPhase('ready'), { type: 'cancelRecording' })).toBe(false);
  expect(isRecordingChanged(null, { type: 'cancelRecording' })).toBe(false);
  expect(isRecordingChanged(inPhase('finding'), { type: 'closeRecording' })).toBe(true);
  expect(isRecordingChanged(null, { type: 'closeRecording' })).toBe(false);
});

it('nothing but closing is possible after a failed import, or without a recording', () => {
  for (const message of [...WORK, keepVoice]) {
    const unreadable = { ...inPhase('ready'), seconds: 0 };
    expect(() => isRecordingChanged(unreadable, message)).toThrow(/^"talk.wav" could not be imported/);
    expect(() => isRecordingChanged(null, message)).toThrow(/^no recording is open/);
  }
});

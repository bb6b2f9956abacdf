import { describe, expect, it } from 'vitest';
import {
  type AudioProcessEvent,
  type AudioProcessState,
  isUnexpectedEnd,
  nextAudioProcessState,
} from '../../../host/session/audioProcessState.ts';

const NOW = 10_000;
const idle: AudioProcessState = { name: 'idle' };
const streaming: AudioProcessState = { name: 'streaming', silentAtMilliseconds: NOW + 100 };
const closing: AudioProcessState = { name: 'closing' };
const ended: AudioProcessState = { name: 'ended' };
const renewed: AudioProcessState = { name: 'streaming', silentAtMilliseconds: NOW + 2500 };

/** State, event, next state, and whether the end is reported. */
const TABLE: readonly (readonly [AudioProcessState, AudioProcessEvent['type'], AudioProcessState, boolean])[] = [
  [idle, 'status', renewed, false],
  [idle, 'close', closing, false],
  [idle, 'lost', ended, true],
  [idle, 'killed', ended, false],
  [streaming, 'status', renewed, false],
  [streaming, 'close', closing, false],
  [streaming, 'lost', ended, true],
  [streaming, 'killed', ended, false],
  [closing, 'status', closing, false],
  [closing, 'close', closing, false],
  [closing, 'lost', ended, false],
  [closing, 'killed', ended, false],
  [ended, 'status', ended, false],
  [ended, 'close', ended, false],
  [ended, 'lost', ended, false],
  [ended, 'killed', ended, false],
];

describe('an audio process', () => {
  it.each(TABLE.map(([state, type, next, isReported]) => ({ state: state.name, type, next, isReported, from: state })))(
    '$state, event $type: next state $next.name, reported as a loss: $isReported',
    ({ from, type, next, isReported }) => {
      expect(nextAudioProcessState(from, { type }, NOW)).toEqual(next);
      expect(isUnexpectedEnd(from, { type })).toBe(isReported);
    },
  );
});

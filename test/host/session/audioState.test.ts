import { describe, expect, it } from 'vitest';
import { type AudioEvent, type AudioState, nextAudioState } from '../../../host/session/audioState.ts';

type State = AudioState<string>;
type Event = AudioEvent<string>;

const NOW = 10_000;
const released: State = { name: 'released' };
const opening: State = { name: 'opening', process: 'p', isRetry: false, failures: 0 };
const retrying: State = { name: 'opening', process: 'p', isRetry: true, failures: 3 };
const young: State = { name: 'open', process: 'p', sinceMilliseconds: NOW - 1999, failures: 3 };
const old: State = { name: 'open', process: 'p', sinceMilliseconds: NOW - 2000, failures: 3 };
const waiting: State = { name: 'waiting', untilMilliseconds: NOW, failures: 3 };
const closed: State = { name: 'closed' };

const open: Event = { type: 'open', process: 'q' };
const retry: Event = { type: 'retry', process: 'q' };
const opened: Event = { type: 'opened', process: 'p' };
const failed: Event = { type: 'failed', process: 'p' };
const lost: Event = { type: 'lost', process: 'p' };
const wait: Event = { type: 'wait' };
const release: Event = { type: 'release' };
const close: Event = { type: 'close' };
const EVENTS = [open, retry, opened, failed, lost, wait, release, close];

const fresh: State = { name: 'opening', process: 'q', isRetry: false, failures: 0 };
const until = (milliseconds: number, failures: number): State => ({
  name: 'waiting',
  untilMilliseconds: NOW + milliseconds,
  failures,
});

/** Next state for each of EVENTS in order; `null`: the event changes nothing. */
const TABLE: readonly (readonly [string, State, readonly (State | null)[]])[] = [
  ['released', released, [fresh, null, null, null, null, until(0, 0), null, closed]],
  [
    'opening on request',
    opening,
    [
      fresh,
      null,
      { name: 'open', process: 'p', sinceMilliseconds: NOW, failures: 0 },
      released,
      null,
      null,
      released,
      closed,
    ],
  ],
  [
    'opening after a loss',
    retrying,
    [
      fresh,
      null,
      { name: 'open', process: 'p', sinceMilliseconds: NOW, failures: 3 },
      until(400, 4),
      null,
      null,
      released,
      closed,
    ],
  ],
  ['open for less than 2 s', young, [fresh, null, null, null, until(400, 4), null, released, closed]],
  ['open for 2 s', old, [fresh, null, null, null, until(0, 0), null, released, closed]],
  [
    'waiting',
    waiting,
    [fresh, { name: 'opening', process: 'q', isRetry: true, failures: 3 }, null, null, null, null, released, closed],
  ],
  ['closed', closed, [null, null, null, null, null, null, null, null]],
];

describe.each(TABLE)('when %s', (_, state, next) => {
  it.each(EVENTS.map((event, index) => [event.type, event, next[index] ?? state] as const))(
    'the event "%s" leads to the state of the table',
    (_, event, expected) => {
      expect(nextAudioState(state, event, NOW)).toEqual(expected);
    },
  );

  it('reports about another process than the current one change nothing', () => {
    for (const type of ['opened', 'failed', 'lost'] as const) {
      expect(nextAudioState(state, { type, process: 'earlier' }, NOW)).toBe(state);
    }
  });
});

it('attempts follow each other quickly for the first 25 failures, then every 2 s', () => {
  const delay = (failures: number) => {
    const next = nextAudioState({ name: 'opening', process: 'p', isRetry: true, failures }, failed, NOW);
    return next.name === 'waiting' ? next.untilMilliseconds - NOW : null;
  };
  expect([0, 24, 25, 1000].map(delay)).toEqual([400, 400, 2000, 2000]);
});

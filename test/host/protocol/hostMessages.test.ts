import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import type { HostError } from '../../../host/protocol/hostError.ts';
import { type HostMessage, parseHostMessage } from '../../../host/protocol/hostMessages.ts';
import type { LiveState } from '../../../host/protocol/LiveState.ts';
import { mergeState } from '../../../host/protocol/stateSchema.ts';
import { defaultSettings, initialState, speakerStrips } from '../../../host/session/liveSettings.ts';
import { simulatedStatus } from '../../ui/simulatedState.ts';

const error: HostError = { kind: 'busy', message: 'another program uses "Mic"', remedy: 'close it and try again' };
const complete: LiveState = {
  ...initialState(defaultSettings({ speakers: speakerStrips(['ann', 'bob']) }), [], ['Interview'], ['file']),
  presets: [
    {
      name: 'ann',
      origin: 'own',
      isOwn: true,
      templates: 64,
      bytes: 29_000,
      trainingSeconds: 30,
      notes: '',
      licence: '',
      problem: null,
    },
  ],
  devices: [
    {
      id: '1',
      name: 'Mic',
      inputChannels: 1,
      outputChannels: 0,
      sampleRateHertz: 48_000,
      isDefaultInput: true,
      isDefaultOutput: false,
    },
  ],
  similarity: [1, 0.5, 0.5, 1],
  recording: { folder: '/takes/1', seconds: 1, bytes: 2 },
  openRecording: {
    id: 1,
    name: 'talk.wav',
    seconds: 20,
    sampleRateHertz: 16_000,
    phase: 'separating',
    progress: 0.5,
    detail: 'learning ann',
    problem: null,
    remarks: ['2 channels were averaged'],
    voices: [{ name: 'ann', speakingSeconds: 9 }],
    segmentsRevision: 1,
    canUndo: true,
    canRedo: false,
    tracks: 'none',
    tracksRevision: 0,
  },
  enrolment: {
    name: 'eve',
    phase: 'training',
    speechSeconds: 20,
    recordedSeconds: 25,
    hints: ['too quiet'],
    progress: 0.5,
    canClean: false,
    remainingSeconds: 9,
    loss: 0.2,
    message: null,
    files: [{ name: 'talk.wav', speechSeconds: 12 }],
  },
};
const MESSAGES: readonly HostMessage[] = [
  { type: 'state', state: complete },
  { type: 'state', state: { snapshots: ['Interview'], recording: null } },
  { type: 'status', status: simulatedStatus(3) },
  { type: 'past', points: [[0.1, 0.2, 0.032, 0]] },
  { type: 'done', id: 7 },
  { type: 'refused', reason: 'wet: must be at most 1', error, id: 'quarter' },
  { type: 'refused', reason: 'too many messages; wait a moment', error },
];

/** Paths of all values in a JSON value, the value itself left out. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

function withValue(value: unknown, [name, ...rest]: readonly string[], replacement: unknown): unknown {
  if (name === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((each, index) => (String(index) === name ? withValue(each, rest, replacement) : each));
  }
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [name]: withValue(record[name], rest, replacement) };
}

describe('parseHostMessage', () => {
  it('returns valid messages unchanged', () => {
    for (const message of MESSAGES) expect(parseHostMessage(JSON.stringify(message))).toEqual(message);
  });

  it('reads a measurement that is not finite, which JSON writes as null, as NaN', () => {
    const status = { ...simulatedStatus(3), relativeGap: Number.POSITIVE_INFINITY, driftPpm: Number.NaN };
    const message = parseHostMessage(JSON.stringify({ type: 'status', status }));
    expect(message).toMatchObject({ status: { relativeGap: Number.NaN, driftPpm: Number.NaN, iterations: 8 } });
  });

  it.each(['', 'hello', 'null', '[]', '{"type":"hello"}', '{"type":"state"}', '{"type":"state","state":[]}'])(
    'refuses %j',
    (json) => expect(() => parseHostMessage(json)).toThrow(InputError),
  );

  it('refuses each field of a wrong type, and names it', () => {
    let checked = 0;
    for (const message of MESSAGES) {
      for (const path of pathsOf(message)) {
        const changed = withValue(message, path, [[]]);
        expect(() => parseHostMessage(JSON.stringify(changed))).toThrow(`host message, ${path.join('.')}`);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(120);
  });

  it('refuses or accepts each of 20,000 corrupted messages, without any other error', () => {
    const random = new Random(12);
    const pick = (count: number) => Math.floor(random.uniform() * count);
    const texts = MESSAGES.map((message) => JSON.stringify(message));
    let refused = 0;
    for (let trial = 0; trial < 20_000; trial++) {
      const characters = [...(texts[pick(texts.length)] ?? '')];
      for (let edit = 0; edit < 3; edit++) characters[pick(characters.length)] = String.fromCharCode(32 + pick(95));
      try {
        parseHostMessage(characters.join(''));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(InputError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(20_000);
  });
});

describe('mergeState', () => {
  it('requires the first state to be complete, and keeps fields that later ones leave out', () => {
    const state = mergeState(null, complete);
    expect(state).toEqual(complete);
    expect(mergeState(state, { snapshots: [] })).toEqual({ ...complete, snapshots: [] });
    for (const name of Object.keys(complete)) {
      const { [name as keyof LiveState]: _, ...others } = complete;
      expect(() => mergeState(null, others)).toThrow(`host message, state.${name}: missing`);
    }
  });
});

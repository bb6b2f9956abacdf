import { expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { parseTakeFile, serializeTakeFile, type TakeFile } from '../../../host/protocol/takeFile.ts';

const TAKE: TakeFile = {
  format: 'unmingle-take',
  version: 1,
  state: 'recording',
  reason: null,
  startTime: '2026-11-28T09:15:00.250Z',
  sampleRateHertz: 48_000,
  samples: null,
  seconds: null,
  files: { mixture: 'mixture.wav', rest: 'rest.wav', mix: 'mix.wav' },
  voices: [
    {
      id: 3,
      name: 'ann',
      presetHash: null,
      file: '1-ann.wav',
      heard: [{ fromSample: 0, toSample: null, fromSeconds: 0, toSeconds: null }],
    },
  ],
  latencies: [{ fromSample: 0, fromSeconds: 0, latencySamples: 768, latencySeconds: 0.016 }],
  gaps: [{ atSample: 480, atSeconds: 0.01, missingSamples: 48, missingSeconds: 0.001 }],
};

it('is read as it was written, with or without the byte order mark of some editors', () => {
  expect(parseTakeFile(serializeTakeFile(TAKE))).toEqual(TAKE);
  expect(parseTakeFile(`\uFEFF${serializeTakeFile(TAKE)}`)).toEqual(TAKE);
});

it.each<[object, RegExp]>([
  [{ format: 'other' }, /^take file, format: /],
  [{ version: 2 }, /^take file, version: /],
  [{ state: 'paused' }, /^take file, state: /],
  [{ startTime: 'yesterday' }, /^take file, startTime: /],
  [{ samples: -1 }, /^take file, samples: /],
  [{ files: { ...TAKE.files, mix: '../mix.wav' } }, /^take file, files\.mix: /],
  [{ voices: [{ ...TAKE.voices[0], id: 0 }] }, /^take file, voices\.0\.id: /],
  [{ gaps: null }, /^take file, gaps: /],
])('with %j it is refused, and the field named', (changes, reason) => {
  const text = JSON.stringify({ ...TAKE, ...changes });
  expect(() => parseTakeFile(text)).toThrow(InputError);
  expect(() => parseTakeFile(text)).toThrow(reason);
});

it('that is not JSON is refused', () => {
  expect(() => parseTakeFile('{')).toThrow('a take file must be JSON');
});

import { expect, test } from 'vitest';
import { packageVersion } from '../../../host/files/packageRoot.ts';
import { jobId, parseJob } from '../../../host/queue/Job.ts';

const input = { address: 'rec/1.wav', fingerprint: `sha256:${'0'.repeat(64)}` };
const train = {
  kind: 'train',
  program: packageVersion(),
  name: 'ann',
  inputs: [input],
  created: '2026-01-01',
  output: 'out',
  options: {
    templates: 8,
    seconds: 3,
    updates: 1,
    seed: 1,
    notes: '',
    licence: '',
    channel: 'best',
    clean: false,
    evidence: true,
  },
};

test('the id depends on everything but the date and the order of the fields', () => {
  const id = jobId(parseJob(train));
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  const reversed = Object.fromEntries(Object.entries(train).toReversed());
  expect(jobId(parseJob({ ...reversed, created: '2027-02-03' }))).toBe(id);
  for (const change of [
    { name: 'bob' },
    { output: 'other' },
    { inputs: [{ ...input, address: 'rec/2.wav' }] },
    { inputs: [{ ...input, fingerprint: `sha256:${'1'.repeat(64)}` }] },
    { options: { ...train.options, seed: 2 } },
  ])
    expect(jobId(parseJob({ ...train, ...change }))).not.toBe(id);
});

test.each([
  [{ name: '../ann' }, /name: must be 1 to 64/],
  [{ name: 'ann/bob' }, /name: must be 1 to 64/],
  [{ output: '/etc' }, /output: must be names/],
  [{ output: 'a/../../b' }, /output: must be names/],
  [{ inputs: [] }, /inputs: /],
  [{ inputs: [{ ...input, address: '../secret.wav' }] }, /inputs\.0\.address: must be names/],
  [{ inputs: [{ ...input, fingerprint: 'none' }] }, /inputs\.0\.fingerprint: /],
  [{ options: { ...train.options, templates: 1e9 } }, /options\.templates: /],
  [{ options: { ...train.options, code: 'process.exit()' } }, /options\.code: /],
  [{ kind: 'shell' }, /kind: /],
  [{ program: '9.9.9' }, /made by version "9\.9\.9" of unmingle/],
])('a job from the network is checked: %j', (change, message) => {
  expect(() => parseJob({ ...train, ...change })).toThrow(message);
});

test.each([null, 7, 'train', [], {}])('what is no job is refused: %j', (value) => {
  expect(() => parseJob(value)).toThrow(/^the job is not valid: /);
});

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { presetsAB, samplesOf, separationFolder, voices } from './separationFolder.ts';

const { at, run } = separationFolder();

beforeAll(() => {
  const broken = Array.from({ length: 50_000 }, (_, n) => (n === 40_000 ? Number.NaN : 0.1));
  writeFileSync(at('nan.wav'), wavBytes(float32(broken), { code: 3, bits: 32 }));
  writeFileSync(at('fast.wav'), wavBytes(float32([0, 0.5]), { code: 3, bits: 32, sampleRateHertz: 500_000 }));
  writeFileSync(at('loud.wav'), wavBytes(float32([0, 1e8]), { code: 3, bits: 32 }));
  writeFileSync(
    at('stereo.wav'),
    wavBytes(float32([0.5, 0.25, 0.5, 0.25]), { code: 3, bits: 32, channels: 2, sampleRateHertz: 44_100 }),
  );
});

describe('a refused separation leaves no file behind', () => {
  const mixtureWav = at('sounds', 'mixture.wav');
  const cases: [string, () => string[], RegExp][] = [
    [
      'unknown preset',
      () => [mixtureWav, '--speakers', 'ann,zoe'],
      /no preset is called "zoe" \(there are: .*ann, .*bob/,
    ],
    ['a speaker twice', () => [mixtureWav, '--speakers', 'ann,bob,Ann'], /speaker "Ann" is named twice/],
    ['nine speakers', () => [mixtureWav, '--speakers', Array(9).fill('ann').join()], /must be 1 to 8 presets, got 9/],
    ['no mixture', () => ['none.wav', ...presetsAB], /none\.wav: does not exist/],
    ['text as mixture', () => [at('ann.unmingle.json'), ...presetsAB], /is not a supported audio file/],
    ['mixture as preset', () => [mixtureWav, '--speakers', mixtureWav], /is not valid JSON/],
    [
      'window below latency',
      () => [mixtureWav, ...presetsAB, '--latency', '40', '--window', '20'],
      /--window in ms must be .* 40 and 1000/,
    ],
    [
      'window below the latency of a mode',
      () => [mixtureWav, ...presetsAB, '--window', '15'],
      /--window in ms must be .* 16 and 1000, got 15/,
    ],
    [
      'a sample rate beyond the engine',
      () => [at('fast.wav'), ...presetsAB],
      /fast\.wav: sample rate must be 4000 to 384000 Hz, got 500000 Hz/,
    ],
    [
      'samples far over full scale',
      () => [at('loud.wav'), ...presetsAB],
      /loud\.wav: sample 1 \(0\.000 s\) must be at most 1000000 .* got 100000000/,
    ],
    [
      'too few references',
      () => [mixtureWav, ...presetsAB, '--references', mixtureWav],
      /one file for each of the 2 speakers, got 1/,
    ],
    [
      'references of another length',
      () => [mixtureWav, ...presetsAB, '--references', `${mixtureWav},${at('stereo.wav')}`],
      /sample rate must be 16000 as in .*mixture\.wav, got 44100/,
    ],
    [
      'a mixture of another length',
      () => [at('nan.wav'), '--speakers', 'ann', '--references', mixtureWav],
      /mixture\.wav: number of samples must be 50000 as in .*nan\.wav, got 32000/,
    ],
    [
      'NaN far into the file',
      () => {
        return [at('nan.wav'), ...presetsAB];
      },
      /nan\.wav: sample 40000 \(2\.500 s\) is not a finite number \(NaN\)/,
    ],
  ];
  test.each(cases)('%s', async (name, words, message) => {
    const out = at(`bad ${name}`);
    const { code, stdout, stderr } = await run('separate', ...words(), '--out', out);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect([code, stdout]).toEqual([1, '']);
    mkdirSync(out, { recursive: true });
    expect(readdirSync(out)).toEqual([]);
  });

  test('neither a file nor a folder in which an input would be overwritten is accepted as output', async () => {
    const blocked = await run('separate', mixtureWav, ...presetsAB, '--out', mixtureWav);
    expect(blocked).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: cannot (write|create the folder) .*\n$/),
    });
    const own = await run('separate', at('sounds', 'ann.wav'), ...presetsAB, '--out', at('sounds'));
    expect(own).toMatchObject({ code: 1, stderr: expect.stringMatching(/would overwrite an input/) });
    const references = `${at('sounds', 'ann.wav')},${at('sounds', 'bob.wav')}`;
    const words = ['separate', mixtureWav, ...presetsAB, '--out', at('sounds'), '--references', references];
    expect(await run(...words)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ann\.wav: would overwrite an input/),
    });
    expect(await samplesOf(at('sounds', 'ann.wav'))).toEqual(voices[0]);
  });
});

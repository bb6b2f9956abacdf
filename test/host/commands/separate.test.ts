import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { WavWriter } from '../../../host/audio/WavWriter.ts';
import { randomPreset, syntheticVoice } from '../../engine/syntheticVoice.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { runCommand, spawnCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const RATE_HERTZ = 16_000;
const voices = [syntheticVoice(1, 110, 0.9, 2, RATE_HERTZ), syntheticVoice(2, 210, 1.1, 2, RATE_HERTZ)] as const;
const mixture = voices[0].map((sample, n) => sample + voices[1][n]!);
const run = (...words: string[]) => runCommand(words, folder);
const at = (...names: string[]) => join(folder, ...names);
const presetsAB = ['--speakers', 'ann,bob'];

beforeAll(async () => {
  const sounds: [string, Float32Array][] = [
    ['ann.wav', voices[0]],
    ['bob.wav', voices[1]],
    ['mixture.wav', mixture],
  ];
  for (const [name, samples] of sounds) {
    const writer = await WavWriter.create(at('sounds', name), RATE_HERTZ, 'float32');
    await writer.write(samples);
    await writer.close();
  }
  const broken = Array.from({ length: 50_000 }, (_, n) => (n === 40_000 ? Number.NaN : 0.1));
  writeFileSync(at('nan.wav'), wavBytes(float32(broken), { code: 3, bits: 32 }));
  writeFileSync(at('fast.wav'), wavBytes(float32([0, 0.5]), { code: 3, bits: 32, sampleRateHertz: 500_000 }));
  writeFileSync(at('loud.wav'), wavBytes(float32([0, 1e8]), { code: 3, bits: 32 }));
  writeFileSync(at('ann.unmingle.json'), serializePreset(randomPreset('ann', 8, 1)));
  writeFileSync(at('bob.unmingle.json'), serializePreset(randomPreset('bob', 8, 2)));
});

interface Report {
  readonly sampleRateHertz: number;
  readonly channels: number;
  readonly latency: { readonly mode: string | null; readonly samples: number; readonly milliseconds: number };
  readonly realTimeFactor: number;
  readonly iterations: { readonly mean: number };
  readonly klGap: { readonly mean: number };
  readonly sources: {
    readonly speaker: string;
    readonly file: string;
    readonly metrics?: Record<string, number | null>;
  }[];
  readonly rest: string | null;
}

async function samplesOf(path: string): Promise<Float32Array> {
  return (await readRecording(path)).samples;
}

describe('output', () => {
  test.each(['ear', 'monitor', 'call', 'studio', '12.5'])(
    'latency %s: files are aligned with the mixture, have its length and sum to it',
    async (latency) => {
      const out = at(`out-${latency}`);
      const words = [
        'separate',
        at('sounds', 'mixture.wav'),
        ...presetsAB,
        '--out',
        out,
        '--latency',
        latency,
        '--rest',
        '--json',
      ];
      const { code, stdout, stderr } = await run(...words);
      expect([code, stderr]).toEqual([0, '']);
      expect(readdirSync(out).sort()).toEqual(['ann.wav', 'bob.wav', 'rest.wav']);
      const [ann, bob, rest] = await Promise.all(
        ['ann', 'bob', 'rest'].map((name) => samplesOf(join(out, `${name}.wav`))),
      );
      expect(ann!.length).toBe(mixture.length);
      let worst = 0;
      mixture.forEach((sample, n) => {
        worst = Math.max(worst, Math.abs(sample - ann![n]! - bob![n]! - rest![n]!));
      });
      expect(worst).toBeLessThan(1e-5);
      const report = JSON.parse(stdout) as Report;
      expect(report).toMatchObject({ sampleRateHertz: RATE_HERTZ, channels: 1, rest: join(out, 'rest.wav') });
      expect(report.sources.map(({ speaker }) => speaker)).toEqual(['ann', 'bob']);
      const milliseconds = { ear: 8, monitor: 16, call: 32, studio: 64 }[latency] ?? Number(latency);
      expect(Math.abs(report.latency.milliseconds - milliseconds)).toBeLessThan(0.2);
      expect(report.latency.samples).toBe((report.latency.milliseconds / 1000) * RATE_HERTZ);
      expect(report.realTimeFactor).toBeGreaterThan(0);
      expect(report.iterations.mean).toBeGreaterThan(0);
    },
  );

  test('separating again into the same folder is refused with what to do, and replaces the files with --force', async () => {
    const words = ['separate', at('sounds', 'mixture.wav'), ...presetsAB, '--out', at('again'), '--no-adaptation'];
    expect(await run(...words)).toMatchObject({ code: 0, stderr: '' });
    const path = at('again', 'ann.wav');
    expect(await run(...words)).toMatchObject({
      code: 1,
      stderr: `error: cannot write ${path}: it already exists; choose another folder with --out, or replace it with --force\n`,
    });
    const forced = await run(...words, '--force');
    expect(forced).toMatchObject({ code: 0, stderr: `--force replaces ${path}, ${at('again', 'bob.wav')}\n` });
    expect(readdirSync(at('again')).toSorted()).toEqual(['ann.wav', 'bob.wav']);
  });

  test('pcm16, preset files, the same speaker twice, and speakers of the same name', async () => {
    const words = [
      'separate',
      at('sounds', 'mixture.wav'),
      '--speakers',
      `ann,${at('ann.unmingle.json')}`,
      '--speakers',
      'bob',
    ];
    const { code, stdout, stderr } = await run(...words, '--out', at('twice', 'deep'), '--format', 'pcm16');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^"ann" and "ann" are the same voice and cannot be separated[^\n]*\n$/);
    expect(stdout).toContain(join('twice', 'deep', 'ann-2.wav'));
    expect(readdirSync(at('twice', 'deep')).sort()).toEqual(['ann-2.wav', 'ann.wav', 'bob.wav']);
    expect(readFileSync(at('twice', 'deep', 'bob.wav')).readUInt16LE(34)).toBe(16);
    expect(await samplesOf(at('twice', 'deep', 'ann.wav'))).toEqual(await samplesOf(at('twice', 'deep', 'ann-2.wav')));
  });

  test('--references adds measurements for each speaker to the report', async () => {
    const words = ['separate', at('sounds', 'mixture.wav'), ...presetsAB, '--out', at('measured'), '--json'];
    const { code, stdout } = await run(
      ...words,
      '--references',
      `${at('sounds', 'ann.wav')},${at('sounds', 'bob.wav')}`,
    );
    expect(code).toBe(0);
    for (const { metrics } of (JSON.parse(stdout) as Report).sources) {
      for (const name of ['sdrDecibels', 'sirDecibels', 'sarDecibels', 'siSdrDecibels', 'stoi']) {
        expect(typeof metrics?.[name], name).toBe('number');
      }
    }
  });

  test('stereo is averaged with a notice, and a file may be shorter than a window', async () => {
    const stereo = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? 0.5 : 0.25) * Math.sin(Math.floor(n / 2)));
    writeFileSync(
      at('stereo.wav'),
      wavBytes(float32(stereo), { code: 3, bits: 32, channels: 2, sampleRateHertz: 44_100 }),
    );
    const { code, stderr } = await run('separate', at('stereo.wav'), ...presetsAB, '--out', at('stereo'));
    expect(code).toBe(0);
    expect(stderr).toMatch(/stereo\.wav: 2 channels were averaged to one\n$/);
    expect((await samplesOf(at('stereo', 'ann.wav'))).length).toBe(100);
  });
});

describe('a refused separation leaves no file behind', () => {
  const mixtureWav = at('sounds', 'mixture.wav');
  const cases: [string, () => string[], RegExp][] = [
    [
      'unknown preset',
      () => [mixtureWav, '--speakers', 'ann,zoe'],
      /no preset is called "zoe" \(there are: .*ann, .*bob/,
    ],
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

/** @returns path of ten minutes of the mixture, which take long enough to interrupt their separation */
async function longMixture(): Promise<string> {
  const path = at('long.wav');
  const writer = await WavWriter.create(path, RATE_HERTZ, 'float32', 'replace');
  for (let second = 0; second < 600; second += 2) await writer.write(mixture);
  await writer.close();
  return path;
}

test.skipIf(process.platform === 'win32')(
  'the next run removes the files that a killed one left half-written',
  async () => {
    const out = at('killed');
    const killed = await spawnCommand(
      ['separate', await longMixture(), ...presetsAB, '--out', out],
      folder,
      (child) => {
        const timer = setInterval(() => {
          if (!readdirSync(folder).includes('killed') || readdirSync(out).length < 2) return;
          clearInterval(timer);
          child.kill('SIGKILL');
        }, 20);
        child.on('close', () => clearInterval(timer));
      },
    );
    expect([killed.code, readdirSync(out).length]).toEqual([null, 2]);
    const words = ['separate', at('sounds', 'mixture.wav'), '--speakers', 'ann', '--out', out];
    expect(await run(...words)).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toEqual(['ann.wav']);
  },
);

test.skipIf(process.platform === 'win32')('Ctrl-C ends with 130 and leaves nothing half-written', async () => {
  const out = at('interrupted');
  const words = ['separate', await longMixture(), ...presetsAB, '--out', out];
  const { code, stdout, stderr } = await spawnCommand(words, folder, (child) => {
    const timer = setInterval(() => {
      const begun = readdirSync(folder).includes('interrupted') && readdirSync(out).length === 2;
      if (!begun) return;
      clearInterval(timer);
      child.kill('SIGINT');
    }, 20);
    child.on('close', () => clearInterval(timer));
  });
  expect([code, stdout, stderr]).toEqual([130, '', 'interrupted; nothing was left half-written\n']);
  expect(readdirSync(out)).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
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

  test('what is wrong with the mixture is one line, and an offset is in the rest only', async () => {
    const values = [...mixture].map((sample) => sample + 0.2);
    const bytes = wavBytes(float32(values), { code: 3, bits: 32, claimedDataBytes: 0x8000_0000 });
    writeFileSync(at('offset.wav'), bytes);
    const out = at('offset');
    const { code, stderr } = await run('separate', at('offset.wav'), ...presetsAB, '--out', out, '--rest');
    expect(code).toBe(0);
    const [length, offset, end] = stderr.split('\n');
    expect(length).toMatch(
      /offset\.wav: its header does not state the length of the sound; all 2\.000 s .* were read$/,
    );
    expect(offset).toMatch(/offset\.wav: has a constant offset \(DC\) of 0\.200, which was kept out of the voices$/);
    expect(end).toBe('');
    const [ann, bob, rest] = await Promise.all(
      ['ann', 'bob', 'rest'].map((name) => samplesOf(join(out, `${name}.wav`))),
    );
    const meanOf = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
    expect(Math.abs(meanOf(ann!))).toBeLessThan(0.005);
    expect(Math.abs(meanOf(bob!))).toBeLessThan(0.005);
    values.forEach((value, n) => {
      expect(Math.abs(ann![n]! + bob![n]! + rest![n]! - value)).toBeLessThan(2e-6);
    });
  });
});

describe('channels', () => {
  const quarter = (samples: Float32Array) => [...samples].map((sample) => sample / 4);
  const interleaved = (...channels: readonly (readonly number[])[]) =>
    wavBytes(float32(channels[0]!.flatMap((_, n) => channels.map((channel) => channel[n]!))), {
      code: 3,
      bits: 32,
      channels: channels.length,
    });
  const [ann, bob, both] = [quarter(voices[0]), quarter(voices[1]), quarter(mixture)];
  const zeros = both.map(() => 0);
  const rms = (samples: ArrayLike<number>) =>
    Math.sqrt(Array.from(samples).reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  const separateChannels = async (name: string, bytes: Uint8Array, ...words: string[]) => {
    writeFileSync(at(`${name}.wav`), bytes);
    const result = await run('separate', at(`${name}.wav`), ...words, '--out', at(name));
    return { ...result, samples: async (voice: string) => samplesOf(at(name, `${voice}.wav`)) };
  };
  const sumOf = async ({ samples }: { samples: (voice: string) => Promise<Float32Array> }) => {
    const [first, second] = [await samples('ann'), await samples('bob')];
    return first.map((sample, n) => sample + second[n]!);
  };

  const chosen: [string, () => Uint8Array, readonly number[], RegExp][] = [
    [
      'anti-phase',
      () =>
        interleaved(
          both,
          both.map((x) => -x),
        ),
      both,
      /would cancel each other; channel 1 is used$/,
    ],
    ['silent-left', () => interleaved(zeros, both), both, /1 of 2 channels is silent; channel 2 is used$/],
  ];
  test.each(chosen)('%s: one channel is used at its own level', async (name, bytes, expected, remark) => {
    const result = await separateChannels(name, bytes(), ...presetsAB);
    expect(result.code).toBe(0);
    expect(result.stderr.trim()).toMatch(remark);
    expect(rms(await sumOf(result)) / rms(expected)).toBeCloseTo(1, 2);
  });

  test('--channel takes a number, mix or best', async () => {
    const bytes = interleaved(ann, bob);
    const second = await separateChannels('second', bytes, ...presetsAB, '--channel', '2');
    expect(second.stderr.trim()).toMatch(/second\.wav: channel 2 of 2 is used$/);
    expect(rms(await sumOf(second)) / rms(bob)).toBeCloseTo(1, 2);
    const mix = await separateChannels('mix', bytes, ...presetsAB, '--channel', 'mix');
    expect(mix.stderr.trim()).toMatch(/mix\.wav: 2 channels were averaged to one$/);
    expect(rms(await sumOf(mix)) / (rms(both) / 2)).toBeCloseTo(1, 2);
    const third = await separateChannels('third', bytes, ...presetsAB, '--channel', '3');
    expect(third).toMatchObject({ code: 1, stderr: expect.stringMatching(/--channel must be at most 2, .* got 3\n$/) });
    const wrong = await separateChannels('wrong', bytes, ...presetsAB, '--channel', 'left');
    expect(wrong.stderr).toMatch(/--channel must be mix, best or a number from 1 to 64, got "left"/);
  });

  test('--per-channel writes the voice of each channel, without the other', async () => {
    const bleed = both.map((_, n) => 0.25 * bob[n]! + ann[n]!);
    const result = await separateChannels('interview', interleaved(bleed, bob), '--per-channel', 'ann,bob');
    expect([result.code, result.stderr]).toEqual([0, '']);
    const separated = await result.samples('ann');
    expect(separated.length).toBe(ann.length);
    const rest = separated.map((sample, n) => sample - ann[n]!);
    expect(rms(rest) / rms(ann)).toBeLessThan(0.15);
    const one = await separateChannels('room', interleaved(bleed, bob), '--per-channel', 'ann,-');
    expect(one.code).toBe(0);
    expect(readdirSync(at('room'))).toEqual(['ann.wav']);
  });

  test.each([
    [
      'a voice too few',
      ['--per-channel', 'ann'],
      /--per-channel must be one voice for each of the 2 channels .*, got 1\n$/,
    ],
    ['a voice twice', ['--per-channel', 'ann,ann'], /--per-channel must name each speaker once, got "ann" twice\n$/],
    ['speakers as well', ['--per-channel', 'ann,bob', '-s', 'ann'], /--speakers has no effect with --per-channel/],
  ])('%s is refused', async (name, words, message) => {
    const result = await separateChannels(`refused ${name}`, interleaved(ann, bob), ...words);
    expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
  });
});

describe('standard input and pipes', () => {
  const bytes = wavBytes(float32([...mixture]), { code: 3, bits: 32, claimedDataBytes: 0xffff_ffff });

  test('a WAV stream of unknown length is read from standard input', async () => {
    const { code, stdout, stderr } = await spawnCommand(
      ['separate', '-', ...presetsAB, '--out', at('piped')],
      folder,
      (child) => child.stdin?.end(bytes),
    );
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^standard input: 2\.0 s/)]);
    expect(stderr).toMatch(/^standard input: its header does not state the length of the sound; all 2\.000 s/);
    expect((await samplesOf(at('piped', 'ann.wav'))).length).toBe(mixture.length);
  });

  test.skipIf(process.platform === 'win32')('a named pipe is read like a file', async () => {
    const pipe = at('pipe.wav');
    execFileSync('mkfifo', [pipe]);
    const result = spawnCommand(['separate', pipe, ...presetsAB, '--out', at('fifo')], folder);
    await writeFile(pipe, bytes);
    expect(await result).toMatchObject({ code: 0, stderr: expect.stringMatching(/pipe\.wav: its header/) });
    expect((await samplesOf(at('fifo', 'bob.wav'))).length).toBe(mixture.length);
  });

  test('noise on standard input is refused by its name', async () => {
    const { code, stderr } = await spawnCommand(['separate', '-', ...presetsAB, '--out', at('none')], folder, (child) =>
      child.stdin?.end('no sound'),
    );
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: standard input: is not a supported audio file/)]);
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

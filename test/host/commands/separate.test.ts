import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WavWriter } from '../../../host/audio/WavWriter.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { spawnCommand } from '../commandLine.ts';
import { mixture, presetsAB, RATE_HERTZ, samplesOf, separationFolder } from './separationFolder.ts';

const { folder, at, run } = separationFolder();

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

  test('separating again into the same folder is refused with what to do, and replaces the files with --force; FLAC files beside them hold the same', async () => {
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
    expect(await run(...words, '--format', 'flac')).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(at('again')).toSorted()).toEqual(['ann.flac', 'ann.wav', 'bob.flac', 'bob.wav']);
    const [flac, wav] = await Promise.all(['ann.flac', 'ann.wav'].map((file) => samplesOf(at('again', file))));
    expect(flac).toHaveLength(wav!.length);
    // 24 bits, and readers scale by 2^23 instead of 2^23 - 1.
    expect(Math.max(...flac!.map((sample, n) => Math.abs(sample - wav![n]!)))).toBeLessThan(2 ** -22);
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

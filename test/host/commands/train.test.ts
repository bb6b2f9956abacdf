import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseEvidence } from '../../../engine/model/SpeakerEvidence.ts';
import { readPresetFile } from '../../../host/library/PresetLibrary.ts';
import { syntheticVoice } from '../../engine/syntheticVoice.ts';
import { float32, pcm16, wavBytes } from '../audio/wavBytes.ts';
import { runCommand, spawnCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const run = (...words: string[]) => runCommand(words, folder);
const at = (...names: string[]) => join(folder, ...names);
const isFloat = { code: 3, bits: 32 };
const voiceOf = (seed: number, seconds: number, rateHertz: number) => [
  ...syntheticVoice(seed, 120, 1, seconds, rateHertz),
];

beforeAll(() => {
  mkdirSync(at('voice'));
  mkdirSync(at('empty'));
  writeFileSync(at('voice', 'notes.txt'), 'not a recording');
  writeFileSync(at('voice', '1.wav'), wavBytes(float32(voiceOf(1, 3, 16_000)), isFloat));
  writeFileSync(
    at('voice', '2.wav'),
    wavBytes(float32(voiceOf(2, 3, 22_050)), { ...isFloat, sampleRateHertz: 22_050 }),
  );
  writeFileSync(at('unseen.wav'), wavBytes(float32(voiceOf(3, 4, 16_000)), isFloat));
});

describe('training', () => {
  const words = [
    'train',
    at('voice'),
    '--name',
    'zed',
    '--templates',
    '6',
    '--json',
    '--licence',
    'mine',
    '--notes',
    'a test',
  ];

  test('writes a preset with its training data; the same options give the same bytes', async () => {
    const first = await run(...words);
    expect([first.code, first.stderr.split('\n').at(-2)]).toEqual([0, expect.stringContaining('wasm')]);
    expect(first.stderr).toContain('2.wav: 22050 Hz were resampled to 16000 Hz');
    const report = JSON.parse(first.stdout) as { path: string; bytes: number; speechSeconds: number };
    expect(report).toMatchObject({
      name: 'zed',
      templates: 6,
      seed: 1,
      recordings: 2,
      sampleRateHertz: 16_000,
      path: at('zed.unmingle.json'),
    });
    expect(parseEvidence(readFileSync(at('zed.evidence.json'), 'utf8')).name).toBe('zed');
    const bytes = readFileSync(report.path);
    expect(report.bytes).toBe(bytes.length);
    expect(await readPresetFile(report.path)).toMatchObject({ name: 'zed', licence: 'mine', notes: 'a test' });
    const second = await run(...words);
    expect(second).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'error: a preset called "zed" exists; --force replaces it\n',
    });
    const forced = await run(...words, '--force', '--no-evidence');
    expect(forced).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^--force replaces .*zed\.unmingle\.json, .*zed\.evidence\.json$/m),
    });
    // Optional packages are the matter of unmingle doctor.
    expect(forced.stderr).not.toMatch(/npm install|tfjs-node/);
    expect(readFileSync(report.path).equals(bytes)).toBe(true);
    // Evidence of the earlier training must not stay beside the new preset.
    expect(existsSync(at('zed.evidence.json'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  }, 240_000);

  test.skipIf(process.platform === 'win32')('Ctrl-C ends with 130 and leaves no preset', async () => {
    const out = at('cancelled.json');
    const { code, stdout, stderr } = await spawnCommand(
      ['train', at('voice'), '--name', 'z', '--out', out],
      folder,
      (child) => {
        child.stderr?.on('data', (text) => {
          if (String(text).includes('backend')) setTimeout(() => child.kill('SIGINT'), 300);
        });
      },
    );
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(/interrupted; nothing was left half-written\n$/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('recordings are checked before training', () => {
  const written = (name: string, content: Uint8Array | string) => {
    writeFileSync(at(name), content);
    return at(name);
  };
  const tone = (length: number, amplitude: number) => Array.from({ length }, (_, n) => amplitude * Math.sin(n * 0.1));
  const cases: [string, () => string[], RegExp][] = [
    ['an empty folder', () => [at('empty')], /empty: the folder contains no audio files/],
    ['an empty file', () => [written('e.wav', '')], /e\.wav: is empty/],
    ['a text file', () => [at('voice', 'notes.txt')], /notes\.txt: is not a supported audio file/],
    [
      'one bad file among good ones',
      () => [at('voice'), written('b.wav', 'RIFF')],
      /b\.wav: is not a supported audio file/,
    ],
    ['too short', () => [written('s.wav', wavBytes(float32(tone(16_000, 0.5)), isFloat))], /at least 3 s/],
    ['silence', () => [written('0.wav', wavBytes(pcm16(Array(80_000).fill(0))))], /0\.wav: is silent/],
    ['a constant', () => [written('c.wav', wavBytes(pcm16(Array(80_000).fill(9000))))], /c\.wav: is constant/],
    [
      'clipping',
      () => [
        written(
          'clip.wav',
          wavBytes(float32(tone(80_000, 3).map((sample) => Math.max(-1, Math.min(1, sample)))), isFloat),
        ),
      ],
      /clip\.wav: is clipped/,
    ],
    [
      'NaN',
      () => [written('n.wav', wavBytes(float32([...tone(80_000, 0.5), Number.NaN]), isFloat))],
      /n\.wav: sample 80000 .*NaN/,
    ],
  ];
  test.each(cases)('%s', async (_, voices, message) => {
    const { code, stdout, stderr } = await run('train', ...voices(), '--name', 'bad');
    expect(stderr.trim().split('\n').at(-1)).toMatch(message);
    expect(stderr).toMatch(/^error: [^\n]+\n$/m);
    expect([code, stdout]).toEqual([1, '']);
    expect(existsSync(at('bad.unmingle.json'))).toBe(false);
  });

  test('an output path that cannot be written is refused', async () => {
    const blocked = await run('train', at('voice'), '--name', 'bad', '--out', join(at('unseen.wav'), 'x.json'));
    expect(blocked).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: cannot create the folder .*\n$/) });
    const asFolder = await run('train', at('voice'), '--name', 'bad', '--out', at('empty'));
    const asSound = await run('train', at('voice'), '--name', 'bad', '--out', at('unseen.wav'), '--force');
    expect(asSound).toMatchObject({ code: 1, stderr: expect.stringMatching(/--out must end in \.json/) });
    expect(asFolder).toMatchObject({ code: 1, stderr: expect.stringMatching(/is a folder, not a file\n$/) });
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePcm16 } from '../../../engine/core/pcm16.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { resample } from '../../../host/audio/resample.ts';
import { randomPreset, syntheticVoice } from '../../engine/syntheticVoice.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { runCommand } from '../commandLine.ts';
import { pipeInto } from '../PipedProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const RATE_HERTZ = 24_000;
/** Longer than a pipe's buffer, which is 64 kB on Linux: 2 s at 16 kHz. */
const SECONDS = 4;
const WORDS = [at('mixture.wav'), '--speakers', 'ann,bob', '--no-adaptation'];
const environment = { ...process.env, UNMINGLE_PRESETS: folder, UNMINGLE_SETTINGS: at('live.json') };
const ECHO = 'process.stdin.pipe(process.stdout)';
const separate = (reader: string, ...words: string[]) =>
  pipeInto(['separate', ...WORDS, ...words], reader, environment);

beforeAll(() => {
  const voices = [110, 210].map((hertz, index) => syntheticVoice(index + 1, hertz, 1, SECONDS, RATE_HERTZ));
  const sum = voices[0]!.map((sample, n) => sample + voices[1]![n]!);
  const mean = sum.reduce((total, sample) => total + sample, 0) / sum.length;
  const peak = sum.reduce((highest, sample) => Math.max(highest, Math.abs(sample - mean)), 0);
  const mixture = sum.map((sample) => (0.5 * (sample - mean)) / peak);
  writeFileSync(at('mixture.wav'), wavBytes(float32([...mixture]), { code: 3, bits: 32, sampleRateHertz: RATE_HERTZ }));
  writeFileSync(at('ann.unmingle.json'), serializePreset(randomPreset('ann', 4, 1)));
  writeFileSync(at('bob.unmingle.json'), serializePreset(randomPreset('bob', 4, 2)));
});

describe('separate --stdout', () => {
  it('another program reads the voice that --out would write, at 16 kHz or the rate asked for, and nothing else', async () => {
    expect(await runCommand(['separate', ...WORDS, '--out', 'files'], folder)).toMatchObject({ code: 0 });
    const { samples } = await readRecording(at('files', 'bob.wav'));
    const expected = async (hertz: number) =>
      Buffer.from(encodePcm16(await resample(samples, RATE_HERTZ, hertz)).bytes);
    const piped = await separate(ECHO, '--stdout', 'bob');
    expect([piped.code, piped.stderr]).toEqual([0, '']);
    expect(piped.read.length).toBe(SECONDS * 16_000 * 2);
    expect(piped.read.equals(await expected(16_000))).toBe(true);
    const slower = await separate(ECHO, '--stdout', 'BOB', '--stdout-rate', '8000');
    expect(slower.read.equals(await expected(8000))).toBe(true);
  });

  it('ends quietly if the reader ends early', async () => {
    const reader = "process.stdin.once('data', (bytes) => { console.log(bytes.length > 0); process.exit() })";
    const { code, stderr, read } = await separate(reader, '--stdout', 'ann');
    expect([code, stderr, read.toString()]).toEqual([0, '', 'true\n']);
  });

  it('a slow reader gets all of the sound', async () => {
    const reader = `let bytes = 0;
      setTimeout(() => process.stdin.on('data', (data) => { bytes += data.length }), 2000);
      process.stdin.on('end', () => console.log(bytes));`;
    const { code, read } = await separate(reader, '--stdout', 'ann');
    expect([code, read.toString()]).toEqual([0, `${SECONDS * 32_000}\n`]);
  });

  it.each([
    [['--stdout', 'eve'], '--stdout: "eve" is not in --speakers; there are ann, bob'],
    [['--stdout', 'ann', '--stdout-rate', '16'], '--stdout-rate must be an integer between 4000 and 384000, got 16'],
  ])('refuses %j before any work', async (words, reason) => {
    expect(await runCommand(['separate', ...WORDS, ...words], folder)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${reason}\n`,
    });
  });
});

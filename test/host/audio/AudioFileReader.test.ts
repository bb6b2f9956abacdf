import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { AudioFileReader } from '../../../host/audio/AudioFileReader.ts';
import { FileBytes } from '../../../host/audio/FileBytes.ts';
import { libraryBlocks } from '../../../host/audio/libraryBlocks.ts';
import { readStreamFacts } from '../../../host/audio/streamFacts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { float32, pcm16, type WavOptions, wavBytes } from './wavBytes.ts';

const folder = temporaryFolder();
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const mixture = fileURLToPath(new URL('../../../presets/demo/mixture.flac', import.meta.url));

async function readAll(path: string) {
  const reader = await AudioFileReader.open(path);
  const samples: number[] = [];
  for await (const block of reader.blocks()) samples.push(...block);
  return { reader, samples: Float32Array.from(samples) };
}

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe('WAV', () => {
  const values = [0, 1, -1, 32767, -32768, 12345, -12345, 7];
  const expected = values.map((value) => value / 32768);
  const encodings: [string, Uint8Array, WavOptions][] = [
    ['16 bit', pcm16(values), {}],
    ['24 bit', Uint8Array.from(values.flatMap((v) => [0, v & 255, (v >> 8) & 255])), { bits: 24 }],
    ['32 bit', new Uint8Array(Int32Array.from(values, (v) => v * 65536).buffer), { bits: 32 }],
    ['32 bit float', float32(expected), { code: 3, bits: 32 }],
    ['64 bit float', new Uint8Array(Float64Array.from(expected).buffer), { code: 3, bits: 64 }],
    ['extensible', pcm16(values), { isExtensible: true }],
    ['RF64', pcm16(values), { isRf64: true }],
    ['a long odd chunk before the data', pcm16(values), { listBytes: 200_001 }],
    ['length unknown to ffmpeg', pcm16(values), { claimedDataBytes: 0xffff_ffff }],
    ['length unknown to sox', pcm16(values), { claimedDataBytes: 0x7fff_f000 }],
  ];
  test.each(encodings)('%s', async (name, data, options) => {
    const { reader, samples } = await readAll(written(`${name}.wav`, wavBytes(data, options)));
    expect(reader.format).toBe('wav');
    expect(reader.sampleRateHertz).toBe(16_000);
    expect(reader.seconds).toBe(values.length / 16_000);
    expect([...samples]).toEqual(expected);
  });

  test('8 bit is unsigned', async () => {
    const { samples } = await readAll(written('8.wav', wavBytes(Uint8Array.of(0, 128, 255), { bits: 8 })));
    expect([...samples]).toEqual([-1, 0, 127 / 128]);
  });

  test('channels are averaged, and their number is reported', async () => {
    const { reader, samples } = await readAll(
      written('3.wav', wavBytes(pcm16([300, 600, 900, -3, 0, 3]), { channels: 3 })),
    );
    expect(reader.channels).toBe(3);
    expect([...samples]).toEqual([Math.fround(600 / 32768), 0]);
  });

  test('the format is detected from the content, not from the name', async () => {
    const { reader } = await readAll(written('sound.mp3', wavBytes(pcm16([1, 2, 3]))));
    expect(reader.format).toBe('wav');
  });
});

describe('compressed files', () => {
  test.each([
    ['tone.flac', 'flac', 0],
    ['tone.oga', 'flac', 0],
    ['tone.ogg', 'oga', 0.003],
    ['tone.opus', 'opus', 0.003],
    // LAME itself reduces the level by 5 %.
    ['tone.mp3', 'mp3', 0.015],
  ])('%s', async (name, format, tolerance) => {
    const { reader, samples } = await readAll(fixture(name));
    expect(reader.format).toBe(format);
    expect(reader.sampleRateHertz).toBe(48_000);
    expect(reader.channels).toBe(2);
    expect(samples.length).toBe(48_000);
    if (format !== 'mp3') expect(reader.seconds).toBe(1);
    expect(Math.abs(rms(samples) - 0.375 / Math.SQRT2)).toBeLessThanOrEqual(tolerance + 1e-4);
  });

  test('the demo mixture is the exact sum of its voices', async () => {
    const [sum, female, male] = await Promise.all(
      ['mixture', 'synthetic-female', 'synthetic-male'].map(
        async (name) => (await readAll(mixture.replace('mixture', name))).samples,
      ),
    );
    expect(sum!.length).toBe(160_000);
    expect(sum!.every((sample, n) => sample === female![n]! + male![n]!)).toBe(true);
  });

  test('the samples do not depend on the size of the chunks read', async () => {
    const { samples } = await readAll(mixture);
    for (const chunkBytes of [997, 1000, 4096, 5000, 32_768, 300_000]) {
      const file = await FileBytes.open(mixture);
      const facts = await readStreamFacts(file, 'flac');
      const pieces: Uint8Array[] = [];
      const stream = { format: 'flac', facts, start: 0, end: null, header: null } as const;
      for await (const block of libraryBlocks(file, stream, chunkBytes)) {
        pieces.push(new Uint8Array(Float32Array.from(block.channels[0]!).buffer));
      }
      await file.close();
      expect(Buffer.concat(pieces).equals(Buffer.from(samples.buffer))).toBe(true);
    }
  });
});

describe('a header that states a wrong length is corrected, with one remark', () => {
  const values = Array.from({ length: 16_000 }, (_, n) => 1000 + (n % 7));
  const whole = wavBytes(pcm16(values));
  const withTail = (tail: Uint8Array, claimedDataBytes: number) =>
    Buffer.concat([wavBytes(pcm16(values), { claimedDataBytes }), tail]);
  const unknown = /: its header does not state the length of the sound; all 1\.000 s in the file were read$/;
  const cases: [string, Uint8Array, number, RegExp | null][] = [
    ...[0, 0xffff_ffff, 0xffff_ffda, 0x8000_0000, 0x7fff_f000, 0x7fff_ff00, 0x7fff_ffdb].map(
      (claimedDataBytes): [string, Uint8Array, number, RegExp] => [
        `unknown length 0x${claimedDataBytes.toString(16)}`,
        wavBytes(pcm16(values), { claimedDataBytes }),
        16_000,
        unknown,
      ],
    ),
    ...[2, 16, 36].map((bytes): [string, Uint8Array, number, RegExp] => [
      `${bytes} bytes too long`,
      wavBytes(pcm16(values), { claimedDataBytes: 32_000 + bytes }),
      16_000,
      /: is shorter than its header states: 1\.00\d s of sound were announced, 1\.000 s are there and were read$/,
    ]),
    [
      'double length',
      wavBytes(pcm16(values), { claimedDataBytes: 64_000 }),
      16_000,
      /2\.000 s of sound were announced/,
    ],
    ['cut in half', whole.subarray(0, 44 + 16_000), 8000, /1\.000 s of sound were announced, 0\.500 s are there/],
    ['cut within a sample', whole.subarray(0, 44 + 16_001), 8000, /0\.500 s are there/],
    [
      'too short',
      wavBytes(pcm16(values), { claimedDataBytes: 8000 }),
      16_000,
      /: is longer than its header states: after 0\.250 s more sound follows; all 1\.000 s were read$/,
    ],
    ['RF64 without a length', wavBytes(pcm16(values), { isRf64: true, claimedDataBytes: 0 }), 16_000, unknown],
    ['a LIST chunk after the sound', withTail(Buffer.from('LIST\x04\0\0\0INFO'), 32_000), 16_000, null],
    ['an unknown chunk after the sound', withTail(Buffer.from('abCd\x04\0\0\0....'), 32_000), 16_000, null],
    ['padding after the sound', withTail(new Uint8Array(500), 32_000), 16_000, null],
    [
      'a tag after the sound',
      withTail(Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 32)]), 32_000),
      16_000,
      null,
    ],
    ['a right header', whole, 16_000, null],
  ];
  test.each(cases)('%s', async (name, bytes, length, remark) => {
    const { reader, samples } = await readAll(written(`${name}.wav`, bytes));
    expect(samples.length).toBe(length);
    expect(samples.every((sample, n) => sample === values[n]! / 32_768)).toBe(true);
    expect(reader.remarks).toEqual(remark === null ? [] : [expect.stringMatching(remark)]);
  });
});

describe('what is there of a truncated file is read, with one remark', () => {
  test.each(['tone.flac', 'tone.oga', 'tone.mp3'])('%s', async (name) => {
    const bytes = readFileSync(fixture(name));
    const { reader, samples } = await readAll(written(`cut-${name}`, bytes.subarray(0, bytes.length / 2)));
    expect(samples.length).toBeGreaterThan(15_000);
    expect(samples.length).toBeLessThan(45_000);
    expect(reader.remarks).toEqual([expect.stringMatching(/is truncated/)]);
  });
});

test('an Ogg file that was cut within its only page says so', async () => {
  const bytes = readFileSync(fixture('tone.ogg'));
  const path = written('cut.ogg', bytes.subarray(0, bytes.length / 2));
  await expect(readAll(path)).rejects.toThrow(/cut\.ogg: is truncated: the end of its Ogg stream is missing; 0\.000 s/);
});

describe('bad input causes one InputError that names the file', () => {
  const cases: [string, () => string, RegExp][] = [
    ['missing', () => join(folder, 'missing.wav'), /missing\.wav: does not exist/],
    ['folder', () => folder, /is a folder, not a file/],
    ['empty', () => written('empty.wav', ''), /empty\.wav: is empty/],
    ['text', () => written('text.wav', 'Not a sound.\n'.repeat(99)), /text\.wav: is not a supported audio file/],
    [
      'noise with an MP3 sync',
      () => written('n.mp3', Uint8Array.of(255, 251, 144, 100, ...Array(999).fill(85))),
      /not a supported audio file/,
    ],
    ['no samples', () => written('none.wav', wavBytes(pcm16([]))), /none\.wav: contains no samples/],
    ['no data chunk', () => written('head.wav', wavBytes(pcm16([])).subarray(0, 36)), /head\.wav: is truncated/],
    [
      'no channels',
      () => written('c.wav', wavBytes(pcm16([1]), { channels: 0 })),
      /channels in its WAV header must be 1 to 64, got 0/,
    ],
    [
      'rate 0',
      () => written('r.wav', wavBytes(pcm16([1]), { sampleRateHertz: 0 })),
      /sample rate in its WAV header must be .* Hz, got 0 Hz/,
    ],
    [
      'rate 4 GHz',
      () => written('g.wav', wavBytes(pcm16([1]), { sampleRateHertz: 4e9 })),
      /sample rate in its WAV header must be .*, got 4000000000 Hz/,
    ],
    [
      'contradiction',
      () => written('x.wav', wavBytes(pcm16([1]), { claimedFrameBytes: 9 })),
      /header contradicts itself/,
    ],
    [
      'NaN',
      () => written('nan.wav', wavBytes(float32([0, Number.NaN]), { code: 3, bits: 32 })),
      /sample 1 .* is not a finite number/,
    ],
    [
      'infinity',
      () => written('inf.wav', wavBytes(float32([1 / 0]), { code: 3, bits: 32 })),
      /sample 0 .* \(Infinity\)/,
    ],
    [
      'unknown codec',
      () => written('u.wav', wavBytes(pcm16([1]), { code: 0x31 })),
      /u\.wav: its encoding, GSM 6\.10 \(0x31\), is not supported; convert it with ffmpeg -i u\.wav u-converted\.wav/,
    ],
  ];
  test.each(cases)('%s', async (_, path, message) => {
    const failure = await readAll(path()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).not.toContain('\n');
  });

  test.skipIf(process.platform === 'win32')('a pipe is refused without waiting for a writer', async () => {
    const pipe = join(folder, 'pipe.wav');
    execFileSync('mkfifo', [pipe]);
    await expect(AudioFileReader.open(pipe)).rejects.toThrow(/is a device or pipe/);
  });
});

test('a reader whose blocks are not read to the end closes its file', async () => {
  mkdirSync(join(folder, 'early'), { recursive: true });
  const reader = await AudioFileReader.open(mixture);
  for await (const block of reader.blocks()) {
    expect(block.length).toBeGreaterThan(0);
    break;
  }
  await expect(reader.close()).resolves.toBeUndefined();
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AudioFileReader } from '../../../host/audio/AudioFileReader.ts';
import {
  AUDIO_EXTENSIONS,
  AUDIO_FORMATS,
  type AudioFormat,
  COMMON_FORMATS_TEXT,
  READ_FORMATS_TEXT,
  recogniseFormat,
} from '../../../host/audio/audioFormats.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const ogg = (packet: string) => bytes(`OggS${'\0'.repeat(24)}${packet}`);

/** The first bytes of a file of each format. */
const HEADS: Readonly<Record<AudioFormat, Uint8Array>> = {
  wav: bytes('RIFF....WAVE'),
  w64: bytes(`riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0${'.'.repeat(8)}wave`),
  au: bytes('.snd'),
  flac: bytes('fLaC'),
  oga: ogg('\x01vorbis'),
  opus: ogg('OpusHead'),
  speex: ogg('Speex   '),
  aiff: bytes('FORM....AIFC'),
  caf: bytes('caff'),
  m4a: bytes('....ftypM4A '),
  webm: bytes('\x1aE\xdf\xa3'),
  avi: bytes('RIFF....AVI '),
  amr: bytes('#!AMR-WB\n'),
  wma: bytes('\x30\x26\xb2\x75\x8e\x66\xcf\x11'),
  wv: bytes('wvpk'),
  tta: bytes('TTA1'),
  mpc: bytes('MPCK'),
  qoa: bytes('qoaf'),
  dsf: bytes('DSD '),
  dff: bytes('FRM8'),
  eac3: bytes('\x0b\x77\0\0\0\x80'),
  ac3: bytes('\x0b\x77\0\0\0\x40'),
  dts: bytes('\x7f\xfe\x80\x01'),
  ape: bytes('MAC '),
  sphere: bytes('NIST_1A'),
  voc: bytes('Creative Voice File'),
  realMedia: bytes('.RMF'),
  flv: bytes('FLV\x01'),
  rifx: bytes('RIFX'),
  silk: bytes('#!SILK_V3'),
  midi: bytes('MThd'),
  mpegProgram: bytes('\0\0\x01\xba'),
  mpegTransport: Uint8Array.from({ length: 1000 }, (_, n) => (n % 188 === 0 ? 0x47 : 0)),
  mp3: mpegFrames(0xfb, 0x90, 417),
  aac: adtsFrames(),
  mp2: mpegFrames(0xfd, 0x90, 522),
};

/** MPEG 1 frames at 44.1 kHz: layer III at 128 kbit/s has 417 bytes, layer II at 160 kbit/s 522. */
function mpegFrames(layer: number, rate: number, length: number): Uint8Array {
  const frame = new Uint8Array(length);
  frame.set([0xff, layer, rate, 0xc4]);
  return Uint8Array.from([...frame, ...frame, ...frame]);
}

function adtsFrames(): Uint8Array {
  const frame = new Uint8Array(64);
  frame.set([0xff, 0xf1, 0x50, 0x80, 64 >> 3, (64 & 7) << 5, 0xfc]);
  return Uint8Array.from([...frame, ...frame, ...frame, ...frame]);
}

describe.each(Object.entries(AUDIO_FORMATS))('%s', (format, { label, extensions, decoder }) => {
  const head = HEADS[format as AudioFormat];

  test('is recognised by its content', () => {
    expect(recogniseFormat(head)).toBe(format);
  });

  test('is in the help if, and only if, it is read', async () => {
    expect(READ_FORMATS_TEXT.split(', ').includes(label)).toBe(decoder !== null);
    for (const extension of extensions) expect(AUDIO_EXTENSIONS.includes(extension)).toBe(decoder !== null);
  });

  test('a file of this format is read, or refused by its name with advice', async () => {
    const path = join(folder, `broken${extensions[0] ?? ''}`);
    writeFileSync(path, head);
    const failure = await AudioFileReader.open(path).then(
      (reader) => reader.close(),
      (error: Error) => error.message,
    );
    if (decoder === null) {
      expect(failure).toContain(`its format, ${label}, is not supported; convert it with ffmpeg -i broken`);
    } else {
      // The rest of the file is missing.
      expect(String(failure)).not.toMatch(/not supported/);
    }
  });
});

test.each(readdirSync(fixtures).filter((name) => AUDIO_EXTENSIONS.includes(extname(name))))(
  '%s is recognised by its content and has an extension of its format',
  (name) => {
    const format = recogniseFormat(readFileSync(join(fixtures, name)));
    expect(format).not.toBeNull();
    if (name !== 'tone.oga') expect(AUDIO_FORMATS[format!].extensions).toContain(extname(name));
  },
);

test('the help of separate lists what is read', async () => {
  const { stdout } = await runCommand(['separate', '--help'], folder);
  const text = stdout.replace(/\s+/g, ' ');
  expect(text).toContain(COMMON_FORMATS_TEXT);
  expect(text).toContain(READ_FORMATS_TEXT);
});

describe('files that ffmpeg has written', () => {
  const formats = join(fixtures, 'formats');
  const names = readdirSync(formats);
  const isRead = (name: string) => AUDIO_EXTENSIONS.includes(extname(name));

  test.each(names.filter(isRead))('%s is read', async (name) => {
    const { samples, sampleRateHertz, remarks } = await readRecording(join(formats, name));
    expect(remarks).toEqual([]);
    const seconds = samples.length / sampleRateHertz;
    // Some codecs have frames of 0.13 s, or add their delay.
    expect(Math.abs(seconds - (name === 'tone.dts' ? 0.1 : 0.5))).toBeLessThan(0.15);
    const middle = samples.subarray(samples.length / 4, samples.length / 2);
    const rms = Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length);
    // LAME reduces the level by 5 %.
    expect(Math.abs(rms / (0.5 / Math.SQRT2) - 1)).toBeLessThan(0.06);
    expect(countCrossings(middle) / (middle.length / sampleRateHertz)).toBeCloseTo(2 * 440, -2);
  });

  test.each(names.filter((name) => !isRead(name)))('%s is refused by its name', async (name) => {
    await expect(AudioFileReader.open(join(formats, name))).rejects.toThrow(
      /its format, (Speex|MP2), is not supported; convert it with ffmpeg -i tone\.\w+ tone\.wav$/,
    );
  });

  test.each(['tone.opus', 'tone.aac', 'tone.w64', 'tone.au', 'tone.ac3'])('half of %s is read', async (name) => {
    const bytes = readFileSync(join(formats, name));
    const path = join(folder, `half-${name}`);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    const { samples, sampleRateHertz } = await readRecording(path);
    expect(samples.length / sampleRateHertz).toBeGreaterThan(0.1);
    expect(samples.length / sampleRateHertz).toBeLessThan(0.4);
  });

  test.each(['tone.aiff', 'tone.caf', 'tone.wma', 'tone.m4a', 'tone.tta', 'tone.wv'])(
    'a %s that was cut says so',
    async (name) => {
      const bytes = readFileSync(join(formats, name));
      const path = join(folder, `cut-${name}`);
      writeFileSync(path, bytes.subarray(0, bytes.length * 0.6));
      const text = await readRecording(path).then(
        ({ remarks }) => remarks.join(),
        (error: Error) => error.message,
      );
      // The index of this M4A file is at its end, without which nothing can be decoded.
      expect(text).toMatch(name === 'tone.m4a' ? /cannot be decoded as M4A/ : /is truncated/);
    },
  );
});

function countCrossings(samples: Float32Array): number {
  let crossings = 0;
  for (let n = 1; n < samples.length; n++) if (samples[n - 1]! < 0 !== samples[n]! < 0) crossings++;
  return crossings;
}

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../../../host/audio/readRecording.ts';
import { demoMixturePath } from '../../../../host/files/demoFiles.ts';
import { decodedRate } from '../../../../ui/web/sound/soundRate.ts';

/** Head of a WAV file with other chunks before its format. */
function wavHead(sampleRateHertz: number, others: readonly string[]): Uint8Array {
  const bytes: number[] = [];
  const text = (word: string) => bytes.push(...[...word].map((letter) => letter.charCodeAt(0)));
  const number = (value: number) => bytes.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
  text('RIFF');
  number(1000);
  text('WAVE');
  for (const name of others) {
    text(name);
    number(4);
    number(0);
  }
  text('fmt ');
  number(16);
  number(0x0001_0001);
  number(sampleRateHertz);
  return Uint8Array.from(bytes);
}

describe('the rate at which a file is decoded', () => {
  it.each([8000, 16_000, 44_100])('is that of a WAV file, %d Hz', (rate) => {
    expect(decodedRate(wavHead(rate, []))).toBe(rate);
    expect(decodedRate(wavHead(rate, ['LIST', 'bext']))).toBe(rate);
  });

  it('is that of a FLAC file', async () => {
    const { sampleRateHertz } = await readRecording(demoMixturePath(), 60);
    const head = new Uint8Array(await readFile(demoMixturePath())).subarray(0, 64);
    expect(decodedRate(head)).toBe(sampleRateHertz);
  });

  it('is 48 kHz for higher and odd rates, other formats, and files that are cut off', () => {
    expect(decodedRate(wavHead(96_000, []))).toBe(48_000);
    expect(decodedRate(wavHead(12_345, []))).toBe(48_000);
    expect(decodedRate(wavHead(16_000, []).subarray(0, 20))).toBe(48_000);
    expect(decodedRate(new TextEncoder().encode('fLaC'))).toBe(48_000);
    expect(decodedRate(new TextEncoder().encode('OggS and more'))).toBe(48_000);
    expect(decodedRate(new Uint8Array(0))).toBe(48_000);
  });
});

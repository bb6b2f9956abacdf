import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COLUMN_BYTES, OVERVIEW_BANDS } from '../../../engine/recording/OverviewColumns.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { importRecording } from '../../../host/recording/importRecording.ts';
import { readOverviewPart, readSound } from '../../../host/recording/recordingParts.ts';
import { mixturePath, overviewPath, uploadPath } from '../../../host/recording/recordingPaths.ts';
import { float32, pcm16, type WavOptions, wavBytes } from '../audio/wavBytes.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const root = temporaryFolder();
let folders = 0;
const RATE = 16_000;
const COLUMN_SAMPLES = RATE / 50;

function uploaded(data: Uint8Array, options: WavOptions): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  writeFileSync(uploadPath(folder), wavBytes(data, options));
  return folder;
}

const importOf = (folder: string, signal = new AbortController().signal, onProgress = (_: number) => {}) =>
  importRecording(folder, 'talk.wav', { signal, onProgress });

/** A tone of 1 kHz, from silence to full scale. */
const SAMPLES = Array.from(
  { length: 6 * RATE + 100 },
  (_, n) => (n / (6 * RATE + 100)) * Math.sin((2 * Math.PI * 1000 * n) / RATE),
);

it('keeps sound and rate, and reports its progress', async () => {
  const folder = uploaded(pcm16(SAMPLES.map((sample) => Math.round(20_000 * sample))), { sampleRateHertz: RATE });
  const fractions: number[] = [];
  const imported = await importOf(folder, undefined, (fraction) => fractions.push(fraction));
  expect(imported).toMatchObject({ samples: SAMPLES.length, sampleRateHertz: RATE, remarks: [] });
  expect(fractions).toEqual([...fractions].sort((one, other) => one - other));
  expect(fractions.at(-1)).toBe(1);
  const { samples } = await readRecording(mixturePath(folder));
  expect(samples[50_003]).toBe(Math.round(20_000 * SAMPLES[50_003]!) / 32_768);
  const part = await readSound(mixturePath(folder), 50_003, 7);
  expect(new Int16Array(part.slice().buffer)[0]).toBe(Math.round(20_000 * SAMPLES[50_003]!));
  expect(part.length).toBe(14);
  expect((await readSound(mixturePath(folder), SAMPLES.length - 3, 1000)).length).toBe(6);
  expect((await readSound(mixturePath(folder), 1e9, 1000)).length).toBe(0);
});

it('shows extremes and levels of each column, and those of two in the next level', async () => {
  const folder = uploaded(pcm16(SAMPLES.map((sample) => Math.round(32_767 * sample))), { sampleRateHertz: RATE });
  const { overviewLevels } = await importOf(folder);
  const columns = Math.ceil(SAMPLES.length / COLUMN_SAMPLES);
  expect(overviewLevels).toEqual([columns, Math.ceil(columns / 2)]);
  for (const [level, count] of overviewLevels.entries()) {
    const part = await readOverviewPart(overviewPath(folder, level), 0, count + 5);
    expect(part.length).toBe(count * COLUMN_BYTES);
    const extremes = new Int8Array(part.buffer, part.byteOffset, 2 * count);
    const width = COLUMN_SAMPLES * 2 ** level;
    for (let column = 0; column < count; column++) {
      const sound = SAMPLES.slice(column * width, (column + 1) * width);
      expect(Math.abs(extremes[2 * column]! - 127 * Math.min(...sound))).toBeLessThan(0.6);
      expect(Math.abs(extremes[2 * column + 1]! - 127 * Math.max(...sound))).toBeLessThan(0.6);
    }
  }
});

it('scales a sine at full scale to 0 dB in its band, and 60 dB less to 60 dB less', async () => {
  const loud = SAMPLES.map((_, n) => 0.999 * Math.sin((2 * Math.PI * 1000 * n) / RATE));
  const levels: number[][] = [];
  for (const gain of [1, 0.001]) {
    const folder = uploaded(float32(loud.map((sample) => gain * sample)), { code: 3, bits: 32, sampleRateHertz: RATE });
    await importOf(folder);
    const part = await readOverviewPart(overviewPath(folder, 0), 100, 1);
    levels.push([...part.subarray(2)]);
  }
  const [full, quiet] = levels as [number[], number[]];
  const band = full.indexOf(Math.max(...full));
  // Band b starts at 60 Hz (8000 / 60)^(b / 48).
  expect(band).toBe(Math.floor((OVERVIEW_BANDS * Math.log(1000 / 60)) / Math.log(8000 / 60)));
  expect(full[band]).toBeGreaterThanOrEqual(254);
  expect(quiet[band]! / 255).toBeCloseTo(1 - 60 / 90, 1);
  expect(full[3]).toBeLessThan(90);
});

it('uses the channels that suit the recording, at 48 kHz or less, and says so', async () => {
  const rate = 96_000;
  const stereo = Array.from({ length: 2 * rate }, (_, n) => (n % 2 === 0 ? 0 : Math.sin((0.1 * (n - 1)) / 2) * 0.5));
  const folder = uploaded(float32(stereo), { code: 3, bits: 32, channels: 2, sampleRateHertz: rate });
  const imported = await importOf(folder);
  expect(imported).toMatchObject({ samples: 48_000, sampleRateHertz: 48_000 });
  expect(imported.remarks).toEqual(['talk.wav: 1 of 2 channels is silent; channel 2 is used']);
});

it('says how many samples were clipped', async () => {
  const folder = uploaded(float32(SAMPLES.map((sample) => 2 * sample)), { code: 3, bits: 32, sampleRateHertz: RATE });
  expect((await importOf(folder)).remarks).toEqual([expect.stringMatching(/^talk.wav: \d+ samples over full scale/)]);
});

it('leaves no mixture if it is aborted or the file is no audio', async () => {
  const folder = uploaded(pcm16(SAMPLES.map(() => 1)), { sampleRateHertz: RATE });
  const abortion = new AbortController();
  const aborted = importOf(folder, abortion.signal, (fraction) => {
    if (fraction > 0.4) abortion.abort();
  });
  await expect(aborted).rejects.toThrow(/abort/);
  expect(readdirSync(folder).filter((name) => name.includes('mixture'))).toEqual([]);
  writeFileSync(uploadPath(folder), 'no sound');
  await expect(importOf(folder)).rejects.toThrow(/^talk.wav: is not a supported audio file/);
});

it('a long recording is written block by block, in levels down to 256 columns', async () => {
  const seconds = 6 * 60;
  const folder = uploaded(new Uint8Array(2 * seconds * 8000), { sampleRateHertz: 8000 });
  const size = (level: number) => statSync(overviewPath(folder, level)).size;
  let halfwayBytes = 0;
  const imported = await importOf(folder, undefined, (fraction) => {
    // The choice of channels counts 30 %.
    if (halfwayBytes === 0 && fraction > 0.65) halfwayBytes = size(0);
  });
  const [columns] = imported.overviewLevels;
  expect(columns).toBe(50 * seconds);
  // At most 256 columns are held.
  expect(halfwayBytes).toBeGreaterThan(0.45 * columns! * COLUMN_BYTES);
  expect(halfwayBytes).toBeLessThan(0.55 * columns! * COLUMN_BYTES);
  expect(imported.overviewLevels.at(-1)).toBeLessThanOrEqual(256);
  expect(imported.overviewLevels.at(-2)).toBeGreaterThan(256);
  for (const [level, count] of imported.overviewLevels.entries()) {
    expect(size(level)).toBe(count * COLUMN_BYTES);
    if (level > 0) expect(count).toBe(Math.ceil(imported.overviewLevels[level - 1]! / 2));
  }
});

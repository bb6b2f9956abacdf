import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../../../host/audio/readRecording.ts';
import { PcmRecorder } from '../../../../ui/web/sound/PcmRecorder.ts';
import { PcmSound } from '../../../../ui/web/sound/PcmSound.ts';
import { wavFile } from '../../../../ui/web/sound/wavFile.ts';
import { temporaryFolder } from '../../../host/temporaryFolder.ts';

const RATE_HERTZ = 8000;
const folder = temporaryFolder();

function recorded(samples: Float32Array): PcmRecorder {
  const recorder = new PcmRecorder();
  for (let start = 0; start < samples.length; start += 1000) recorder.add(samples.subarray(start, start + 1000));
  return recorder;
}

describe('sound of 16 bits in a blob', () => {
  const samples = Float32Array.from({ length: 70_001 }, (_, n) => (Math.round(1000 * Math.sin(n / 9)) + 0) / 32_768);

  it('is read as it was written, in blocks and in parts', async () => {
    const sound = new PcmSound(recorded(samples).blob(), RATE_HERTZ);
    const read: number[] = [];
    const fractions: number[] = [];
    for await (const block of sound.blocks((fraction) => fractions.push(fraction))) read.push(...block);
    expect([sound.samples, read.length]).toEqual([samples.length, samples.length]);
    expect(read.every((sample, n) => sample === samples[n])).toBe(true);
    expect(fractions.at(-1)).toBe(1);
    expect([...(await sound.read(7, 3))]).toEqual([...samples.subarray(7, 10)].map((sample) => sample * 32_768));
    expect((await sound.read(samples.length - 2, 10)).length).toBe(2);
  });

  it('loses a large constant part, but not a small one', async () => {
    const mean = async (offset: number) => {
      const shifted = samples.map((sample) => sample + offset);
      let sum = 0;
      for await (const block of new PcmSound(recorded(shifted).blob(), RATE_HERTZ, offset).blocks())
        for (const sample of block) sum += sample;
      return sum / samples.length;
    };
    expect(await mean(0.25)).toBeCloseTo(0, 3);
    expect(await mean(0.004)).toBeCloseTo(0.004, 3);
  });

  it('counts what is over full scale', () => {
    expect(recorded(Float32Array.of(1.5, 0.5, -1.2, -1)).clippedSamples).toBe(2);
  });

  it('becomes a WAV file that other programs read', async () => {
    const path = join(folder, 'sound.wav');
    await writeFile(path, new Uint8Array(await wavFile(recorded(samples).blob(), RATE_HERTZ).arrayBuffer()));
    const read = await readRecording(path, 60);
    expect([read.sampleRateHertz, read.channels]).toEqual([RATE_HERTZ, 1]);
    expect(read.samples.length).toBe(samples.length);
    expect(read.samples.every((sample, n) => sample === samples[n])).toBe(true);
  });
});

import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { TapMarks } from '../../../engine/realtime/TapMarks.ts';
import { TAP_CHANNELS, TAP_MARK } from '../../../engine/realtime/tapChannels.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { TapWriter } from '../../../host/audioProcess/TapWriter.ts';
import { parseTakeFile } from '../../../host/protocol/takeFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const HEADER_BYTES = 58;

it('a full disk ends a take at the same sample in all of its files, and speech continues', async () => {
  const failures: [string, unknown][] = [];
  const tap = new SampleRing(SampleRing.allocate(4096, TAP_CHANNELS));
  const writer = new TapWriter(tap, new TapMarks(), 16_000, {
    onFailed: (...failure) => failures.push(failure),
    onSound: () => {},
    onMix: () => {},
    onInput: () => {},
    onFeedback: () => {},
  });
  const take = ['mixture', 'rest', 'mix'].map((name) => join(folder, `${name}.wav`));
  await writer.start({ kind: 'take', folder, voices: [] });
  await writer.start({ kind: 'speech', path: join(folder, 'speech.wav') });
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const write = prototype.write as (...words: unknown[]) => Promise<unknown>;
  let blocks = 0;
  // The second block of the second stem does not fit.
  const full = vi.spyOn(prototype, 'write').mockImplementation(function (this: unknown, ...words: unknown[]) {
    const isSamples = Number(words[3]) >= HEADER_BYTES;
    if (isSamples && ++blocks === 6) {
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
    }
    return write.apply(this, words);
  } as typeof prototype.write);
  try {
    for (let block = 0; block < 3; block++) {
      const frames = Float32Array.from({ length: 100 * TAP_CHANNELS }, (_, n) =>
        n % TAP_CHANNELS === TAP_MARK ? 0 : block,
      );
      tap.write(frames, 0, 100);
      await writer.drain();
    }
  } finally {
    full.mockRestore();
  }
  expect(failures).toHaveLength(1);
  expect(failures[0]![0]).toBe('take');
  expect(failures[0]![1]).toBeInstanceOf(InputError);
  expect(String(failures[0]![1])).toMatch(/rest\.wav: the disk is full/);
  expect(writer.takeFigures).toBeNull();
  expect((await writer.stop('speech')).samples).toBe(300);
  const lengths = await Promise.all(take.map(async (path) => (await readRecording(path, 60)).samples.length));
  expect(lengths).toEqual([100, 100, 100]);
  const described = parseTakeFile(await readFile(join(folder, 'take.json'), 'utf8'));
  expect(described).toMatchObject({
    state: 'broken-off',
    reason: expect.stringMatching(/the disk is full/),
    samples: 100,
  });
});

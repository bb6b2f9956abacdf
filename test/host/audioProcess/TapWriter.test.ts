import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { TAP_CHANNELS, TAP_MIXTURE, TAP_REST } from '../../../engine/realtime/tapChannels.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { TapWriter } from '../../../host/audioProcess/TapWriter.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const HEADER_BYTES = 58;

it('a full disk ends a take at the same sample in all of its files, and speech continues', async () => {
  const failures: [string, unknown][] = [];
  const tap = new SampleRing(SampleRing.allocate(4096, TAP_CHANNELS));
  const writer = new TapWriter(tap, 16_000, (...failure) => failures.push(failure));
  const take = ['a', 'b'].map((name) => join(folder, `${name}.wav`));
  await writer.start(
    'take',
    take.map((path, stem) => ({ path, channel: stem === 0 ? TAP_MIXTURE : TAP_REST })),
  );
  await writer.start('speech', [{ path: join(folder, 'speech.wav'), channel: TAP_MIXTURE }]);
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const write = prototype.write as (...words: unknown[]) => Promise<unknown>;
  let blocks = 0;
  // The second block of the second stem does not fit.
  const full = vi.spyOn(prototype, 'write').mockImplementation(function (this: unknown, ...words: unknown[]) {
    const isSamples = Number(words[3]) >= HEADER_BYTES;
    if (isSamples && ++blocks === 5) {
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
    }
    return write.apply(this, words);
  } as typeof prototype.write);
  try {
    for (let block = 0; block < 3; block++) {
      tap.write(new Float32Array(100 * TAP_CHANNELS).fill(block), 0, 100);
      await writer.drain();
    }
  } finally {
    full.mockRestore();
  }
  expect(failures).toHaveLength(1);
  expect(failures[0]![0]).toBe('take');
  expect(failures[0]![1]).toBeInstanceOf(InputError);
  expect(String(failures[0]![1])).toMatch(/b\.wav: the disk is full/);
  expect(writer.takeFigures).toBeNull();
  expect((await writer.stop('speech')).samples).toBe(300);
  const lengths = await Promise.all(take.map(async (path) => (await readRecording(path, 60)).samples.length));
  expect(lengths).toEqual([200, 100]);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { silentConsole } from '../../../host/audio/silentConsole.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const tone = readFileSync(fileURLToPath(new URL('fixtures/tone.mp3', import.meta.url)));

it('three files decoded in parallel print nothing and leave console.error as it was', async () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  try {
    const original = console.error;
    const damaged = Uint8Array.from(tone).fill(0x55, 4000, 5000);
    const paths = ['a', 'b', 'c'].map((name) => join(folder, `${name}.mp3`));
    for (const path of paths) writeFileSync(path, damaged);
    for (let round = 0; round < 5; round++) {
      const recordings = await Promise.all(paths.map((path) => readRecording(path)));
      for (const { samples } of recordings) expect(samples.length).toBeGreaterThan(0);
      expect(console.error).toBe(original);
    }
    expect(print).not.toHaveBeenCalled();
  } finally {
    print.mockRestore();
  }
});

it('overlapping users restore console.error once, when the last one is done, in any order', () => {
  const original = console.error;
  silentConsole.acquire();
  silentConsole.acquire();
  silentConsole.release();
  expect(console.error).not.toBe(original);
  silentConsole.release();
  expect(console.error).toBe(original);
});

it('keeps a function that other code has installed in the meantime', () => {
  const original = console.error;
  const other = () => {};
  try {
    silentConsole.acquire();
    console.error = other;
    silentConsole.release();
    expect(console.error).toBe(other);
  } finally {
    console.error = original;
  }
});

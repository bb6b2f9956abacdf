import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandAudioFiles } from '../../../host/audio/audioFiles.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const voice = join(folder, 'voice');
mkdirSync(join(voice, 'nested.wav'), { recursive: true });
for (const name of ['10.wav', '2.FLAC', 'notes.txt', '.hidden.wav', '1.mp3']) writeFileSync(join(voice, name), '');
mkdirSync(join(folder, 'empty'));

test('a folder is replaced by its audio files, in numeric order', async () => {
  const names = ['1.mp3', '2.FLAC', '10.wav'].map((name) => join(voice, name));
  expect(await expandAudioFiles([voice])).toEqual(names);
  expect(await expandAudioFiles([join(voice, 'notes.txt'), voice])).toEqual([join(voice, 'notes.txt'), ...names]);
});

test('a file that is named twice is listed once', async () => {
  expect(await expandAudioFiles([voice, join(voice, '1.mp3')])).toHaveLength(3);
});

test('errors name the path', async () => {
  await expect(expandAudioFiles([join(folder, 'empty')])).rejects.toThrow(/empty: the folder contains no audio files/);
  await expect(expandAudioFiles([join(folder, 'none')])).rejects.toThrow(/none: does not exist/);
});

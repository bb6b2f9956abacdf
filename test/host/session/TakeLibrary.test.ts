import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { TakeTimeline } from '../../../host/audioProcess/TakeTimeline.ts';
import type { ListedTake } from '../../../host/protocol/LiveState.ts';
import { serializeTakeFile, TAKE_FILE_NAME } from '../../../host/protocol/takeFile.ts';
import { TakeLibrary } from '../../../host/session/TakeLibrary.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const FILES = { mixture: 'mixture.wav', rest: 'rest.wav', mix: 'mix.wav' };
const root = temporaryFolder();
let folder: string;
let runs = 0;
let takes: readonly ListedTake[] = [];
let deleted: readonly string[] = [];
let library: TakeLibrary;
beforeEach(() => {
  folder = join(root, String(++runs));
  library = new TakeLibrary({
    folder,
    onChange: (...lists) => {
      [takes, deleted] = lists;
    },
    openFolder: async (path) => {
      if (path !== join(folder, 'Interview')) throw new Error('another folder');
    },
  });
});

/** @param end calls the end of the timeline; without it the program was killed while it recorded */
function write(
  name: string,
  hour: number,
  end: (timeline: TakeTimeline) => void = (timeline) => timeline.end(32_000, null),
) {
  const timeline = new TakeTimeline(16_000, new Date(Date.UTC(2026, 10, 28, hour)), FILES);
  timeline.addVoice({ id: 1, name: 'ann', presetHash: null, file: '1-ann.wav' });
  timeline.beginVoice(1, 0);
  end(timeline);
  mkdirSync(join(folder, name), { recursive: true });
  for (const file of [...Object.values(FILES), '1-ann.wav']) writeFileSync(join(folder, name, file), 'RIFF');
  writeFileSync(join(folder, name, TAKE_FILE_NAME), serializeTakeFile(timeline.file));
}

const names = () => takes.map(({ name }) => name);

it('lists takes, newest first, without the one that is being recorded and without other folders', async () => {
  write('Interview', 9);
  write('Lecture', 11);
  write('Now', 12, () => {});
  mkdirSync(join(folder, 'Pictures'));
  await library.refresh('Now');
  expect(names()).toEqual(['Lecture', 'Interview']);
  expect(takes[1]).toEqual({
    name: 'Interview',
    startTime: '2026-11-28T09:00:00.000Z',
    seconds: 2,
    voices: ['ann'],
    files: ['mix.wav', '1-ann.wav', 'rest.wav', 'mixture.wav'],
    bytes: 16,
    reason: null,
  });
});

it('states why a take broke off, also if the program was killed', async () => {
  write('Broken', 9, (timeline) => timeline.end(100, 'the disk is full'));
  write('Killed', 8, () => {});
  await library.refresh(null);
  expect(takes.map(({ reason }) => reason)).toEqual(['the disk is full', 'the program was ended while it recorded']);
});

it('renames, deletes and restores a take, and deletes it for good at the end', async () => {
  write('Interview', 9);
  await library.rename('Interview', 'Talk');
  expect(names()).toEqual(['Talk']);
  await library.delete('Talk');
  expect([names(), deleted]).toEqual([[], ['Talk']]);
  await library.restore('Talk');
  expect([names(), deleted]).toEqual([['Talk'], []]);
  await library.delete('Talk');
  await library.close();
  expect(readdirSync(folder)).toEqual([]);
});

it('never replaces another take', async () => {
  write('Interview', 9);
  write('Lecture', 10);
  await expect(library.rename('Interview', 'Lecture')).rejects.toThrow(/called "Lecture" already/);
  await library.delete('Interview');
  write('Interview', 11);
  await expect(library.restore('Interview')).rejects.toThrow(/another recording called "Interview"/);
});

it('finds listed files only', async () => {
  write('Interview', 9);
  writeFileSync(join(root, 'secret.wav'), 'RIFF');
  symlinkSync(join(root, 'secret.wav'), join(folder, 'Interview', 'link.wav'));
  await library.refresh(null);
  expect(library.filePath('Interview', 'mix.wav')).toBe(join(folder, 'Interview', 'mix.wav'));
  for (const [take, file] of [
    ['Interview', '../../secret.wav'],
    ['Interview', 'link.wav'],
    ['Interview', TAKE_FILE_NAME],
    ['..', 'secret.wav'],
    ['', 'mix.wav'],
  ] as const)
    expect(library.filePath(take, file)).toBeNull();
  await library.show('Interview');
  await expect(library.show('Lecture')).rejects.toThrow(/no recording called "Lecture"/);
});

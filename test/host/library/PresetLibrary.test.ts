import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const root = temporaryFolder();
let number = 0;
let folders = { bundled: '', own: '' };
let library: PresetLibrary;

beforeEach(() => {
  number++;
  folders = { bundled: join(root, `bundled${number}`), own: join(root, `own${number}`, 'deep') };
  mkdirSync(folders.bundled);
  library = new PresetLibrary(folders);
  writeFileSync(join(folders.bundled, 'ann.unmingle.json'), serializePreset(randomPreset('ann', 4, 1)));
});

function presetFile(name: string, seed: number, content = serializePreset(randomPreset(name, 4, seed))): string {
  const path = join(root, `file-${seed}.json`);
  writeFileSync(path, content);
  return path;
}

describe('names', () => {
  test('bundled and imported presets are found by name, and any preset by path', async () => {
    expect((await library.load('ann')).name).toBe('ann');
    await library.import(presetFile('Böb 2', 2), false);
    expect((await library.load('Böb 2')).training.seed).toBe(2);
    expect((await library.load(presetFile('carl', 3))).name).toBe('carl');
    expect((await library.list()).map(({ name, origin }) => `${name} ${origin}`)).toEqual(['ann bundled', 'Böb 2 own']);
  });

  test('an imported preset replaces a bundled one only on request', async () => {
    const path = presetFile('ann', 4);
    await expect(library.import(path, false)).rejects.toThrow(/"ann" exists; it is bundled; --force/);
    await library.import(path, true);
    expect((await library.load('ann')).training.seed).toBe(4);
    await library.remove('ann');
    expect((await library.load('ann')).training.seed).toBe(1);
  });

  test.each(['../ann', '..', 'a/b', 'a\\b', '/etc/passwd', '', ' ', '.hidden', 'x'.repeat(65), 'a\u0000b', 'a\nb'])(
    '%j is refused',
    async (name) => {
      await expect(library.load(name)).rejects.toThrow(InputError);
      await expect(library.remove(name)).rejects.toThrow(/no imported preset/);
      expect(() => library.ownPath(name)).toThrow(InputError);
    },
  );

  test('a preset whose name contains a path is refused', async () => {
    const text = serializePreset(randomPreset('ann', 4, 5)).replace('"ann"', '"../../evil"');
    await expect(library.import(presetFile('ann', 5, text), true)).rejects.toThrow(/file-5\.json: preset name/);
  });

  test('the error for an unknown name lists the existing ones', async () => {
    await expect(library.load('zoe')).rejects.toThrow(/no preset is called "zoe" \(there are: ann\)/);
  });
});

describe('files', () => {
  test('import copies the file byte for byte and leaves no other file', async () => {
    const path = presetFile('dora', 6);
    await library.import(path, false);
    expect(readdirSync(folders.own)).toEqual(['dora.unmingle.json']);
    expect(readFileSync(library.ownPath('dora'))).toEqual(readFileSync(path));
    await expect(library.import(path, false)).rejects.toThrow(/--force replaces it/);
  });

  test.each([
    ['no JSON', '{"format":', /is not valid JSON/],
    ['empty', '', /is not valid JSON/],
    ['another format', '{"format":"other"}', /preset\.format/],
    ['too large', ' '.repeat(1_000_001), /at most 1000000 bytes, this file has 1000001/],
  ])('%s is refused with the name of the file', async (_, content, message) => {
    const path = presetFile('bad', 7, content);
    await expect(library.import(path, false)).rejects.toThrow(message);
    await expect(library.load(path)).rejects.toThrow(/file-7\.json: /);
  });

  test('a damaged preset is listed with its problem, beside the others', async () => {
    writeFileSync(join(folders.bundled, 'broken.unmingle.json'), '{}');
    const entries = await library.list();
    expect(entries.map(({ name, preset }) => [name, preset !== null])).toEqual([
      ['ann', true],
      ['broken', false],
    ]);
    expect(entries[1]!.problem).toMatch(/broken\.unmingle\.json: preset\.format/);
  });

  test('missing files and folders are reported', async () => {
    await expect(library.load('./none.json')).rejects.toThrow(/cannot read \.\/none\.json: does not exist/);
    await expect(library.load(`${root}/`)).rejects.toThrow(/is a folder/);
    await expect(library.remove('ann')).rejects.toThrow(/bundled .* cannot be removed/);
  });
});

test('the folder of the user is that of the platform, or $UNMINGLE_PRESETS', () => {
  expect(presetFolders({ UNMINGLE_PRESETS: '/x' }, 'linux').own).toBe('/x');
  expect(presetFolders({ XDG_DATA_HOME: '/data' }, 'linux').own).toBe(join('/data', 'unmingle', 'presets'));
  expect(presetFolders({}, 'darwin').own).toMatch(/Library.Application Support.unmingle.presets$/);
  expect(presetFolders({ APPDATA: '/roaming' }, 'win32').own).toBe(join('/roaming', 'unmingle', 'presets'));
});

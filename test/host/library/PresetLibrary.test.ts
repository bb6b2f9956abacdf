import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import { type PresetPath, presetPath } from '../../../host/library/PresetPath.ts';
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

const EVIDENCE = readFileSync(join(presetFolders().bundled, 'synthetic-male.evidence.json'), 'utf8');
const load = async (name: string) => (await library.byName(presetName(name))).preset;

function presetFile(name: string, seed: number, content = serializePreset(randomPreset(name, 4, seed))): PresetPath {
  const path = join(root, `file-${seed}.json`);
  writeFileSync(path, content);
  return presetPath(path);
}

describe('names', () => {
  test('bundled and imported presets are found by name, and any preset by path', async () => {
    expect((await load('ann')).name).toBe('ann');
    await library.import(presetFile('Böb 2', 2), false);
    expect((await load('Böb 2')).training.seed).toBe(2);
    expect(await library.byPath(presetFile('carl', 3))).toMatchObject({ name: 'carl', origin: 'file' });
    expect((await library.list()).map(({ name, origin }) => `${name} ${origin}`)).toEqual(['ann bundled', 'Böb 2 own']);
  });

  test('an imported preset replaces a bundled one only on request', async () => {
    const path = presetFile('ann', 4);
    await expect(library.import(path, false)).rejects.toThrow(/"ann" exists; it is bundled; --force/);
    await library.import(path, true);
    expect((await load('ann')).training.seed).toBe(4);
    await library.remove(presetName('ann'));
    expect((await load('ann')).training.seed).toBe(1);
  });

  test('a name never reaches a file outside the library', async () => {
    const [home] = [process.cwd(), process.chdir(root)];
    try {
      for (const name of ['stranger', 'config.json', 'zoe.unmingle.json']) {
        writeFileSync(join(root, name), name === 'stranger' ? serializePreset(randomPreset('zoe', 4, 8)) : 'secret');
        await expect(load(name)).rejects.toThrow(`no preset is called "${name}" (there are: ann)`);
      }
    } finally {
      process.chdir(home);
    }
  });

  test('a preset whose name contains a path is refused', async () => {
    const text = serializePreset(randomPreset('ann', 4, 5)).replace('"ann"', '"../../evil"');
    await expect(library.import(presetFile('ann', 5, text), true)).rejects.toThrow(/file-5\.json: preset name/);
  });

  test('the error for an unknown name lists the existing ones', async () => {
    await expect(load('zoe')).rejects.toThrow(/no preset is called "zoe" \(there are: ann\)/);
  });
});

describe('names that differ in case or normal form', () => {
  const names = async () => (await library.list()).map(({ name, origin }) => `${name} ${origin}`);

  test('denote the same preset everywhere', async () => {
    await library.import(presetFile('J\u00fcrgen', 20), false);
    for (const name of ['J\u00fcrgen', 'JU\u0308RGEN', 'ju\u0308rgen']) {
      expect(await library.byName(presetName(name))).toMatchObject({ name: 'J\u00fcrgen' });
      await expect(library.import(presetFile(name, 21), false)).rejects.toThrow(/"J\u00fcrgen" exists; --force/);
    }
    await library.remove(presetName('J\u00dcRGEN'));
    expect(readdirSync(folders.own)).toEqual([]);
  });

  test('a file whose name is decomposed, as macOS writes it, is found', async () => {
    mkdirSync(folders.own, { recursive: true });
    const text = serializePreset(randomPreset('J\u00fcrgen', 4, 22));
    writeFileSync(join(folders.own, 'Ju\u0308rgen.unmingle.json'), text);
    expect(await names()).toEqual(['ann bundled', 'J\u00fcrgen own']);
    expect((await load('j\u00fcrgen')).training.seed).toBe(22);
  });

  test('hide a bundled preset, and only on request', async () => {
    await expect(library.import(presetFile('ANN', 23), false)).rejects.toThrow(/"ann" exists; it is bundled; --force/);
    const { remarks } = await library.import(presetFile('ANN', 23), true);
    expect(remarks).toEqual(['--force hides the bundled preset "ann" behind yours']);
    expect(await names()).toEqual(['ANN own']);
    expect((await load('ann')).training.seed).toBe(23);
  });

  test('replace each other, and leave one file', async () => {
    await library.import(presetFile('v367', 24), false);
    writeFileSync(join(folders.own, 'v367.evidence.json'), EVIDENCE);
    expect(await library.import(presetFile('V367', 25), true)).toMatchObject({
      remarks: [`--force replaces ${join(folders.own, 'v367.unmingle.json')}`],
      removedEvidence: `the evidence of the replaced preset was removed: ${join(folders.own, 'v367.evidence.json')}`,
    });
    expect(readdirSync(folders.own)).toEqual(['V367.unmingle.json']);
    await library.import(presetFile('v367', 24), true);
    expect((await load('V367')).training.seed).toBe(24);
  });

  test('of two older files, the one that is spelt so is found', async () => {
    mkdirSync(folders.own, { recursive: true });
    for (const [name, seed] of [
      ['bob', 26],
      ['BOB', 27],
    ] as const) {
      writeFileSync(join(folders.own, `${name}.unmingle.json`), serializePreset(randomPreset(name, 4, seed)));
    }
    expect([(await load('bob')).training.seed, (await load('BOB')).training.seed]).toEqual([26, 27]);
  });
});

describe('evidence', () => {
  const evidence = () => join(folders.own, 'eve.evidence.json');
  const given = (seed: number) => presetFile('eve', seed);

  beforeEach(async () => {
    await library.import(given(30), false);
    writeFileSync(evidence(), EVIDENCE);
  });

  test('stays when a preset of the same weights is imported without evidence', async () => {
    const { remarks, removedEvidence } = await library.import(given(30), true);
    expect(readFileSync(evidence(), 'utf8')).toBe(EVIDENCE);
    expect(removedEvidence).toBeNull();
    expect(remarks).toEqual([`--force replaces ${library.ownPath(presetName('eve'))}`]);
  });

  test('stays with its preset when only the spelling of the name changes', async () => {
    await library.import(presetFile('EVE', 30), true);
    expect(readdirSync(folders.own).toSorted()).toEqual(['EVE.evidence.json', 'EVE.unmingle.json']);
  });

  test('is removed, which is reported, when another voice is imported without evidence', async () => {
    const { removedEvidence } = await library.import(given(31), true);
    expect(existsSync(evidence())).toBe(false);
    expect(removedEvidence).toBe(`the evidence of the replaced preset was removed: ${evidence()}`);
  });

  test('is replaced by that beside the imported file', async () => {
    const path = given(32);
    writeFileSync(path.replace('.json', '.evidence.json'), `${EVIDENCE}\n`);
    const { remarks } = await library.import(path, true);
    expect(readFileSync(evidence(), 'utf8')).toBe(`${EVIDENCE}\n`);
    expect(remarks).toEqual([`--force replaces ${library.ownPath(presetName('eve'))}, ${evidence()}`]);
  });

  test('without its preset is not taken for that of a new one', async () => {
    writeFileSync(join(folders.own, 'zoe.evidence.json'), EVIDENCE);
    await expect(library.import(presetFile('zoe', 33), false)).rejects.toThrow(
      /zoe\.evidence\.json: it already exists/,
    );
    expect(readdirSync(folders.own)).not.toContain('zoe.unmingle.json');
  });

  test('a preset of the library is not imported onto itself, through a link either', async () => {
    const path = library.ownPath(presetName('eve'));
    linkSync(path, join(root, 'linked.json'));
    for (const own of [path, join(root, 'linked.json')]) {
      await expect(library.import(presetPath(own), true)).rejects.toThrow(/is in your library already, as "eve"/);
    }
    expect(readFileSync(evidence(), 'utf8')).toBe(EVIDENCE);
  });
});

describe('files', () => {
  test('import copies the file byte for byte and leaves no other file', async () => {
    const path = presetFile('dora', 6);
    await library.import(path, false);
    expect(readdirSync(folders.own)).toEqual(['dora.unmingle.json']);
    expect(readFileSync(library.ownPath(presetName('dora')))).toEqual(readFileSync(path));
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
    await expect(library.byPath(path)).rejects.toThrow(/file-7\.json: /);
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

  test('a file whose name is not a preset name on every system is listed with its problem', async () => {
    writeFileSync(join(folders.bundled, 'con.x.unmingle.json'), serializePreset(randomPreset('ann', 4, 1)));
    const entry = (await library.list()).find(({ name }) => name === 'con.x');
    expect(entry).toMatchObject({ preset: null, problem: expect.stringMatching(/name of a device on Windows/) });
  });

  test('missing files and folders are reported', async () => {
    await expect(library.byPath(presetPath('./none.json'))).rejects.toThrow(
      /cannot read \.\/none\.json: does not exist/,
    );
    await expect(library.byPath(presetPath(`${root}/`))).rejects.toThrow(/is a folder/);
    await expect(library.remove(presetName('ann'))).rejects.toThrow(/bundled .* cannot be removed/);
  });
});

describe('files of the command line', () => {
  test('are found by the names they contain, and hide presets of the library', async () => {
    const files = [await library.byPath(presetFile('ann', 9)), await library.byPath(presetFile('zoe', 10))];
    const session = library.withFiles(files);
    expect(await session.byName(presetName('ann'))).toEqual(files[0]);
    expect((await session.list()).map(({ name, origin }) => [name, origin])).toEqual([
      ['ann', 'file'],
      ['zoe', 'file'],
    ]);
    expect((await load('ann')).training.seed).toBe(1);
    await expect(load('zoe')).rejects.toThrow(/no preset is called "zoe"/);
  });

  test('of the same name must hold the same voice', async () => {
    const [one, same, other] = [presetFile('zoe', 11), presetFile('zoe', 11), presetFile('ZOE', 12)];
    const read = (...paths: PresetPath[]) => Promise.all(paths.map((path) => library.byPath(path)));
    expect(() => library.withFiles([]).list()).not.toThrow();
    expect(await library.withFiles(await read(one, same)).list()).toHaveLength(2);
    const clash = await read(one, other);
    expect(() => library.withFiles(clash)).toThrow(/two voices are called "zoe": .*file-11.*file-12.*rename one/);
  });
});

test('the folder of the user is that of the platform, or $UNMINGLE_PRESETS', () => {
  expect(presetFolders({ UNMINGLE_PRESETS: '/x' }, 'linux').own).toBe('/x');
  expect(presetFolders({ XDG_DATA_HOME: '/data' }, 'linux').own).toBe(join('/data', 'unmingle', 'presets'));
  expect(presetFolders({}, 'darwin').own).toMatch(/Library.Application Support.unmingle.presets$/);
  expect(presetFolders({ APPDATA: '/roaming' }, 'win32').own).toBe(join('/roaming', 'unmingle', 'presets'));
});

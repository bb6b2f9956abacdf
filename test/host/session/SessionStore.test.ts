import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { PARAMETERS } from '../../../engine/separator/parameters.ts';
import { defaultSettings, snapshotOf, speakerStrips } from '../../../host/session/liveSettings.ts';
import { SessionStore } from '../../../host/session/SessionStore.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return { ...original, rename: vi.fn(original.rename) };
});

const folder = temporaryFolder();
let files = 0;
const newPath = () => join(folder, `live-${++files}.json`);
const settingsWith = (...presets: string[]) =>
  snapshotOf(defaultSettings({ latency: 'call', speakers: speakerStrips(presets) }));

it('a snapshot is the same after a restart', async () => {
  const path = newPath();
  const store = await SessionStore.read(path);
  await store.saveSnapshot('Interview', settingsWith('ann', 'bob'));
  await store.saveSnapshot('Alone', settingsWith('ann'));
  const later = await SessionStore.read(path);
  expect(later.snapshotNames).toEqual(['Alone', 'Interview']);
  expect(later.snapshot('Interview')).toEqual(settingsWith('ann', 'bob'));
  await later.deleteSnapshot('Interview');
  expect((await SessionStore.read(path)).snapshot('Interview')).toBeNull();
});

it('speakers are remembered for the latest fifty input devices', async () => {
  const path = newPath();
  const store = await SessionStore.read(path);
  await store.remember('headset', settingsWith('ann'));
  for (let device = 0; device < 49; device++) await store.remember(`device ${device}`, settingsWith('bob'));
  await store.remember('headset', settingsWith('ann', 'eve'));
  await store.remember('new', settingsWith());
  const later = await SessionStore.read(path);
  expect(later.lastWith('headset')!.speakers.map(({ preset }) => preset)).toEqual(['ann', 'eve']);
  expect(later.lastWith('device 0')).toBeNull();
  expect(later.lastWith('device 1')).not.toBeNull();
});

it('a damaged file counts as empty and is renamed, not overwritten', async () => {
  const path = newPath();
  const kept: string[] = [];
  for (const text of ['', '{', '[]', '{"scenes":{"x":{"speakers":7}},"devices":{}}', '{"snapshots":{}}']) {
    await writeFile(path, text);
    const store = await SessionStore.read(path);
    expect(store.snapshotNames).toEqual([]);
    expect(store.notice).toContain(`kept as ${store.damagedPath}`);
    await store.saveSnapshot('New', settingsWith('ann'));
    expect(await readFile(store.damagedPath!, 'utf8')).toBe(text);
    kept.push(store.damagedPath!);
    const later = await SessionStore.read(path);
    expect(later.snapshotNames).toEqual(['New']);
    expect([later.damagedPath, later.notice]).toEqual([null, null]);
  }
  // None overwrites an earlier one.
  expect(kept.slice(0, 2)).toEqual([`${path}.damaged`, `${path}.damaged-2`]);
  expect(new Set(kept).size).toBe(kept.length);
});

it('a file that cannot be read is never overwritten', async () => {
  const path = newPath();
  await mkdir(join(path, 'deep'), { recursive: true });
  const store = await SessionStore.read(path);
  expect(store.notice).toMatch(/cannot read .*: is a folder, not a file.*kept as .*\.damaged$/);
  expect((await stat(join(store.damagedPath!, 'deep'))).isDirectory()).toBe(true);
  // Too large to be settings.
  const large = newPath();
  await writeFile(large, ' '.repeat(10_000_001));
  expect((await SessionStore.read(large)).notice).toMatch(/at most 10000000 bytes, this file has 10000001/);
});

it('if the file cannot be renamed, nothing is written', async () => {
  const path = join(folder, 'mocked', 'live.json');
  await mkdir(join(folder, 'mocked'));
  await writeFile(path, '{');
  vi.mocked(rename).mockRejectedValueOnce(Object.assign(new Error('denied'), { code: 'EACCES' }));
  const store = await SessionStore.read(path);
  expect(store.damagedPath).toBeNull();
  expect(store.notice).toMatch(/not valid JSON.*is not changed: nothing is saved/);
  await expect(store.saveSnapshot('New', settingsWith('ann'))).rejects.toThrow(InputError);
  await expect(store.remember('headset', settingsWith('ann'))).rejects.toThrow(/nothing is saved/);
  expect(await readFile(path, 'utf8')).toBe('{');
});

describe('each stored field is checked as in a control message', () => {
  const good = settingsWith('ann', 'bob');
  const changed: readonly (readonly [string, (text: string) => string])[] = [
    ['master.wet: must be at most 1', (text) => text.replace('"wet":1', '"wet":1.5')],
    ['speakers.0.gainDecibels: must be at most 12', (text) => text.replace('"gainDecibels":0', '"gainDecibels":13')],
    ['latency', (text) => text.replace('"latency":"call"', '"latency":9')],
    ['windowSeconds: must be at most 1', (text) => text.replace('"windowSeconds":null', '"windowSeconds":2')],
    ['speakers.1.preset: must be 1 to 64 letters', (text) => text.replace('"preset":"bob"', '"preset":".."')],
    ['speakers.1.preset: must be another name: nul is', (text) => text.replace('"preset":"bob"', '"preset":"nul"')],
    ['speakers.0.colour', (text) => text.replace('"#e69f00"', '"red;}"')],
    ['parameters.maskFloor', (text) => text.replace(/"maskFloor":[^,]*/, '"maskFloor":"0"')],
    ['rest.isMuted', (text) => text.replace(/("rest":{[^}]*"isMuted":)false/, '$1 0')],
  ];
  it.each(changed)('%s', async (problem, change) => {
    const path = newPath();
    const text = change(JSON.stringify(good));
    expect(text).not.toBe(JSON.stringify(good));
    const file = `{"snapshots":{"Bad":${text},"Good":${JSON.stringify(good)}},"devices":{"headset":${text}}}`;
    await writeFile(path, file);
    const store = await SessionStore.read(path);
    expect(store.notice).toContain(`(snapshots.Bad.${problem}`);
    expect(await readFile(store.damagedPath!, 'utf8')).toBe(file);
    expect([store.snapshot('Bad'), store.lastWith('headset')]).toEqual([null, null]);
    // Valid entries survive this start and the next one.
    for (const each of [store, await SessionStore.read(path)]) expect(each.snapshot('Good')).toEqual(good);
  });

  it('names of snapshots', async () => {
    const path = newPath();
    await writeFile(path, `{"snapshots":{"../x":${JSON.stringify(good)}},"devices":{}}`);
    expect((await SessionStore.read(path)).notice).toMatch(/snapshots: the name "\.\.\/x" must be 1 to 64 letters/);
  });
});

it('the path of a preset that version 0.1 has stored becomes the name of the file', async () => {
  const path = newPath();
  const text = JSON.stringify(settingsWith('ann', 'bob')).replace('"bob"', '"/home/me/voices/bob.unmingle.json"');
  await writeFile(path, `{"snapshots":{"Old":${text}},"devices":{}}`);
  const store = await SessionStore.read(path);
  expect(store.notice).toBeNull();
  expect(store.snapshot('Old')).toEqual(settingsWith('ann', 'bob'));
});

it('a limited number of snapshots is kept', async () => {
  const path = newPath();
  const store = await SessionStore.read(path);
  for (let n = 0; n < 200; n++) await store.saveSnapshot(`snapshot ${n}`, settingsWith());
  await expect(store.saveSnapshot('one more', settingsWith())).rejects.toThrow(/200 snapshots already; delete one/);
  await store.saveSnapshot('snapshot 7', settingsWith('ann'));
  expect((await SessionStore.read(path)).snapshot('snapshot 7')).toEqual(settingsWith('ann'));
});

it('reads a file of version 0.1, which calls snapshots scenes, and writes them as snapshots', async () => {
  const path = newPath();
  await writeFile(
    path,
    JSON.stringify({ scenes: { Old: settingsWith('ann', 'bob') }, devices: { headset: settingsWith('eve') } }),
  );
  const store = await SessionStore.read(path);
  expect(store.damagedPath).toBeNull();
  expect(store.snapshotNames).toEqual(['Old']);
  expect(store.snapshot('Old')).toEqual(settingsWith('ann', 'bob'));
  expect(store.lastWith('headset')).toEqual(settingsWith('eve'));
  await store.saveSnapshot('New', settingsWith('ann'));
  const written = JSON.parse(await readFile(path, 'utf8'));
  expect(Object.keys(written).sort()).toEqual(['devices', 'snapshots']);
  expect((await SessionStore.read(path)).snapshotNames).toEqual(['New', 'Old']);
});

it('parameters written by another version are limited to the present ranges', async () => {
  const path = newPath();
  await (await SessionStore.read(path)).saveSnapshot('Old', settingsWith('ann'));
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/"iterations": \d+/, '"iterations": 99999'));
  expect((await SessionStore.read(path)).snapshot('Old')!.parameters.iterations).toBe(PARAMETERS.iterations.maximum);
});

it('a snapshot may have the name of a property that every object has', async () => {
  const store = await SessionStore.read(newPath());
  for (const name of ['constructor', 'toString', '__proto__']) {
    expect(store.snapshot(name)).toBeNull();
    await store.saveSnapshot(name, settingsWith('ann'));
    expect(store.snapshot(name)).toEqual(settingsWith('ann'));
  }
  expect({}).not.toHaveProperty('speakers');
});

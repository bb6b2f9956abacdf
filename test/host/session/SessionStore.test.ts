import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PARAMETERS } from '../../../engine/separator/parameters.ts';
import { defaultSettings, snapshotOf, speakerStrips } from '../../../host/session/liveSettings.ts';
import { SessionStore } from '../../../host/session/SessionStore.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

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
  for (const text of ['', '{', '[]', '{"scenes":{"x":{"speakers":7}},"devices":{}}']) {
    await writeFile(path, text);
    const store = await SessionStore.read(path);
    expect(store.snapshotNames).toEqual([]);
    await store.saveSnapshot('New', settingsWith('ann'));
    expect(await readFile(store.damagedPath!, 'utf8')).toBe(text);
    const later = await SessionStore.read(path);
    expect(later.snapshotNames).toEqual(['New']);
    expect(later.damagedPath).toBeNull();
  }
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

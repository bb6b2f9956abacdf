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
const speakerSetOf = (...presets: string[]) =>
  snapshotOf(defaultSettings({ latency: 'call', speakers: speakerStrips(presets) }));

it('snapshots come back after a restart as they were saved', async () => {
  const path = newPath();
  const store = await SessionStore.read(path);
  await store.saveSnapshot('Interview', speakerSetOf('ann', 'bob'));
  await store.saveSnapshot('Alone', speakerSetOf('ann'));
  const later = await SessionStore.read(path);
  expect(later.snapshotNames).toEqual(['Alone', 'Interview']);
  expect(later.snapshot('Interview')).toEqual(speakerSetOf('ann', 'bob'));
  await later.deleteSnapshot('Interview');
  expect((await SessionStore.read(path)).snapshot('Interview')).toBeNull();
});

it('keeps speakers for each microphone, those of the latest fifty', async () => {
  const path = newPath();
  const store = await SessionStore.read(path);
  await store.remember('headset', speakerSetOf('ann'));
  for (let device = 0; device < 49; device++) await store.remember(`device ${device}`, speakerSetOf('bob'));
  await store.remember('headset', speakerSetOf('ann', 'eve'));
  await store.remember('new', speakerSetOf());
  const later = await SessionStore.read(path);
  expect(later.lastWith('headset')!.speakers.map(({ preset }) => preset)).toEqual(['ann', 'eve']);
  expect(later.lastWith('device 0')).toBeNull();
  expect(later.lastWith('device 1')).not.toBeNull();
});

it('a damaged file counts as empty, and is kept', async () => {
  const path = newPath();
  for (const text of ['', '{', '[]', '{"scenes":{"x":{"speakers":7}},"devices":{}}']) {
    await writeFile(path, text);
    const store = await SessionStore.read(path);
    expect(store.snapshotNames).toEqual([]);
    await store.saveSnapshot('New', speakerSetOf('ann'));
    expect(await readFile(store.damagedPath!, 'utf8')).toBe(text);
    const later = await SessionStore.read(path);
    expect(later.snapshotNames).toEqual(['New']);
    expect(later.damagedPath).toBeNull();
  }
});

it('parameters of another program version are brought into range', async () => {
  const path = newPath();
  await (await SessionStore.read(path)).saveSnapshot('Old', speakerSetOf('ann'));
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/"iterations": \d+/, '"iterations": 99999'));
  expect((await SessionStore.read(path)).snapshot('Old')!.parameters.iterations).toBe(PARAMETERS.iterations.maximum);
});

it('a snapshot may be called as what every object has', async () => {
  const store = await SessionStore.read(newPath());
  for (const name of ['constructor', 'toString', '__proto__']) {
    expect(store.snapshot(name)).toBeNull();
    await store.saveSnapshot(name, speakerSetOf('ann'));
    expect(store.snapshot(name)).toEqual(speakerSetOf('ann'));
  }
  expect({}).not.toHaveProperty('speakers');
});

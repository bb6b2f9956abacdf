import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PARAMETERS } from '../../../engine/separator/parameters.ts';
import { defaultSettings, speakerStrips, storedScene } from '../../../host/live/liveSettings.ts';
import { SessionStore } from '../../../host/live/SessionStore.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
let files = 0;
const newPath = () => join(folder, `live-${++files}.json`);
const sceneOf = (...presets: string[]) =>
  storedScene(defaultSettings({ latency: 'call', speakers: speakerStrips(presets) }));

it('scenes come back after a restart as they were saved', async () => {
  const path = newPath();
  const store = await SessionStore.read(path);
  await store.saveScene('Interview', sceneOf('ann', 'bob'));
  await store.saveScene('Alone', sceneOf('ann'));
  const later = await SessionStore.read(path);
  expect(later.sceneNames).toEqual(['Alone', 'Interview']);
  expect(later.scene('Interview')).toEqual(sceneOf('ann', 'bob'));
  await later.deleteScene('Interview');
  expect((await SessionStore.read(path)).scene('Interview')).toBeNull();
});

it('keeps speakers for each microphone, those of the latest fifty', async () => {
  const path = newPath();
  const store = await SessionStore.read(path);
  await store.remember('headset', sceneOf('ann'));
  for (let device = 0; device < 49; device++) await store.remember(`device ${device}`, sceneOf('bob'));
  await store.remember('headset', sceneOf('ann', 'eve'));
  await store.remember('new', sceneOf());
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
    expect(store.sceneNames).toEqual([]);
    await store.saveScene('New', sceneOf('ann'));
    expect(await readFile(store.damagedPath!, 'utf8')).toBe(text);
    const later = await SessionStore.read(path);
    expect(later.sceneNames).toEqual(['New']);
    expect(later.damagedPath).toBeNull();
  }
});

it('parameters of another program version are brought into range', async () => {
  const path = newPath();
  await (await SessionStore.read(path)).saveScene('Old', sceneOf('ann'));
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/"iterations": \d+/, '"iterations": 99999'));
  expect((await SessionStore.read(path)).scene('Old')!.parameters.iterations).toBe(PARAMETERS.iterations.maximum);
});

it('a scene may be called as what every object has', async () => {
  const store = await SessionStore.read(newPath());
  for (const name of ['constructor', 'toString', '__proto__']) {
    expect(store.scene(name)).toBeNull();
    await store.saveScene(name, sceneOf('ann'));
    expect(store.scene(name)).toEqual(sceneOf('ann'));
  }
  expect({}).not.toHaveProperty('speakers');
});

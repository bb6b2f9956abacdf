import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type * as LibraryModule from '../../../host/library/PresetLibrary.ts';
import type { LiveState } from '../../../host/protocol/LiveState.ts';
import type * as AudioProcessModule from '../../../host/session/AudioProcess.ts';
import type * as SessionModule from '../../../host/session/LiveSession.ts';
import type * as ListModule from '../../../host/session/listDevices.ts';
import { defaultSettings } from '../../../host/session/liveSettings.ts';
import type * as StoreModule from '../../../host/session/SessionStore.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

// The built modules, because they start processes of the built program.
const built = (path: string) => import(new URL(`../../../dist/host/${path}.js`, import.meta.url).href);
const { REQUEST_DEADLINES_MILLISECONDS } = (await built('session/AudioProcess')) as typeof AudioProcessModule;
const { LiveSession } = (await built('session/LiveSession')) as typeof SessionModule;
const { SessionStore } = (await built('session/SessionStore')) as typeof StoreModule;
const { PresetLibrary, presetFolders } = (await built('library/PresetLibrary')) as typeof LibraryModule;
const { listDevices } = (await built('session/listDevices')) as typeof ListModule;

const STOP = fileURLToPath(new URL('../../virtualDevices/stopAudioProcess.mjs', import.meta.url));
/** Deadline of `open` and `devices` in this test: longer than a start of the process on a busy machine. */
const DEADLINE_MILLISECONDS = 12_000;
/** A fader must not wait for the deadline of another request. */
const FADER_MILLISECONDS = 4000;

const folder = temporaryFolder();
const faults = join(folder, 'faults');
const stopIn = (request: string) => writeFileSync(join(faults, `stop-${request}`), '');
const deadlines = REQUEST_DEADLINES_MILLISECONDS as Record<string, number>;
const { open, devices } = deadlines;
const nodeOptions = process.env.NODE_OPTIONS;

beforeAll(() => {
  mkdirSync(faults);
  process.env.NODE_OPTIONS = `--import=${STOP}`;
  process.env.UNMINGLE_TEST_FAULTS = faults;
  Object.assign(deadlines, { open: DEADLINE_MILLISECONDS, devices: DEADLINE_MILLISECONDS });
});
afterAll(() => {
  if (nodeOptions === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = nodeOptions;
  delete process.env.UNMINGLE_TEST_FAULTS;
  Object.assign(deadlines, { open, devices });
});

let session: SessionModule.LiveSession | null = null;
let runs = 0;
afterEach(async () => {
  await session?.close();
  session = null;
});

async function start() {
  const notices: string[] = [];
  const phases: LiveState['phase'][] = [];
  const own = join(folder, String(++runs));
  const live = await LiveSession.start({
    library: new PresetLibrary({ bundled: presetFolders().bundled, own }),
    store: await SessionStore.read(join(own, 'live.json')),
    settings: defaultSettings({ backend: 'file', output: 'none' }),
    isLastUsedLoaded: false,
    isAdapting: false,
    recordingFolder: own,
    onNotice: (text) => notices.push(text),
  });
  session = live;
  live.state$.subscribe(({ phase }) => phases.push(phase));
  let statuses = 0;
  live.status$.subscribe(() => statuses++);
  /** Moves the master fader. @returns how long that took */
  const fade = async (gainDecibels: number) => {
    const startMilliseconds = performance.now();
    await live.control({ type: 'setMaster', gainDecibels });
    expect(live.current.settings.master.gainDecibels).toBe(gainDecibels);
    return performance.now() - startMilliseconds;
  };
  const isPlaying = async () => {
    const count = statuses;
    await expect.poll(() => statuses, { timeout: 30_000 }).toBeGreaterThan(count + 1);
    expect(live.current.phase).toBe('running');
  };
  return { live, notices, phases, fade, isPlaying };
}

it('an audio process that hangs while it opens devices: the choice fails at the deadline, faders work meanwhile, and the devices before are opened by another process', async () => {
  const { live, fade, isPlaying } = await start();
  await isPlaying();
  stopIn('open');
  const startMilliseconds = performance.now();
  let isSettled = false;
  const choice = expect(
    live.control({ type: 'setDevices', inputChannel: 1 }).finally(() => {
      isSettled = true;
    }),
  ).rejects.toMatchObject({ kind: 'timeout', remedy: 'it is being restarted; try again' });
  expect(await fade(-6)).toBeLessThan(FADER_MILLISECONDS);
  expect(await fade(-9)).toBeLessThan(FADER_MILLISECONDS);
  expect(isSettled).toBe(false);
  await choice;
  expect(performance.now() - startMilliseconds).toBeLessThan(DEADLINE_MILLISECONDS + 8000);
  await isPlaying();
  expect(live.current.settings).toMatchObject({ inputChannel: null, master: { gainDecibels: -9 } });
}, 90_000);

it('other devices can be chosen while an audio process hangs in opening the first ones', async () => {
  const { live, isPlaying } = await start();
  await isPlaying();
  stopIn('open');
  const first = expect(live.control({ type: 'setDevices', inputChannel: 1 })).rejects.toMatchObject({
    kind: 'aborted',
  });
  await expect.poll(() => existsSync(join(faults, 'stop-open')), { timeout: 30_000 }).toBe(false);
  await live.control({ type: 'setDevices', sampleRateHertz: 16_000 });
  await first;
  await isPlaying();
  expect(live.current.sampleRateHertz).toBe(16_000);
}, 90_000);

it('an audio process that hangs while it plays is replaced, and a fader moved meanwhile keeps its position', async () => {
  const { live, notices, phases, fade, isPlaying } = await start();
  await isPlaying();
  stopIn('parameters');
  await live.control({ type: 'setParameters', maskExponent: 1.5 });
  expect(await fade(-12)).toBeLessThan(FADER_MILLISECONDS);
  await expect.poll(() => phases.includes('waiting'), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => notices.includes('sound is back'), { timeout: 30_000 }).toBe(true);
  expect(notices).toContain('the audio process does not respond: this computer may be too busy; trying again');
  await isPlaying();
  expect(live.current.settings.master.gainDecibels).toBe(-12);
  expect(live.current.settings.parameters.maskExponent).toBe(1.5);
}, 90_000);

it('an audio process that hangs while it lists devices is killed at the deadline, and the next search works', async () => {
  const { fade, isPlaying } = await start();
  stopIn('devices');
  const search = expect(listDevices('file')).rejects.toMatchObject({
    kind: 'timeout',
    happened: 'the audio process did not answer "devices" within 12 s',
  });
  expect(await fade(-3)).toBeLessThan(FADER_MILLISECONDS);
  await isPlaying();
  await search;
  expect((await listDevices('file')).backend).toBe('file');
}, 90_000);

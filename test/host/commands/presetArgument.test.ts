import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { type RequestedSession, requestedSession } from '../../../host/commands/liveOptions.ts';
import { readPreset } from '../../../host/commands/presetArgument.ts';
import { PresetLibrary } from '../../../host/library/PresetLibrary.ts';
import { LiveSession } from '../../../host/session/LiveSession.ts';
import { SessionStore } from '../../../host/session/SessionStore.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { CapturedTerminal } from '../CapturedTerminal.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

vi.mock('../../../host/session/AudioProcess.ts', async () => {
  const { FakeAudioProcess } = await import('../session/FakeAudioProcess.ts');
  return { AudioProcess: FakeAudioProcess };
});

const root = temporaryFolder();
const own = join(root, 'own');
const work = join(root, 'work');
const library = new PresetLibrary({ bundled: join(root, 'bundled'), own });
const home = process.cwd();

beforeAll(() => {
  mkdirSync(own, { recursive: true });
  mkdirSync(work, { recursive: true });
  writeFileSync(join(own, 'ann.unmingle.json'), serializePreset(randomPreset('ann', 4, 1)));
  for (const [file, name, seed] of [
    ['ann.unmingle.json', 'ann', 2],
    ['zoe.unmingle.json', 'zoe', 3],
    ['stranger', 'eve', 4],
    ['ann', 'ann', 5],
  ] as const) {
    writeFileSync(join(work, file), serializePreset(randomPreset(name, 4, seed)));
  }
  process.chdir(work);
});
afterAll(() => process.chdir(home));

describe('an argument', () => {
  const read = async (text: string) => {
    const { name, origin, preset } = await readPreset(library, text);
    return [name, origin, preset.training.seed];
  };

  it('is the name of a preset before it is that of a file', async () => {
    expect(await read('ann')).toEqual(['ann', 'own', 1]);
    expect(await read('stranger')).toEqual(['eve', 'file', 4]);
  });

  it('with a slash, or that ends in .json, is a path', async () => {
    expect(await read('./ann')).toEqual(['ann', 'file', 5]);
    expect(await read('ann.unmingle.json')).toEqual(['ann', 'file', 2]);
    await expect(read('none.json')).rejects.toThrow(/cannot read none\.json: does not exist/);
  });

  it('that is neither is refused with the names that exist', async () => {
    await expect(read('nobody')).rejects.toThrow(
      'no preset is called "nobody" (there are: ann), and there is no such file',
    );
  });
});

describe('live --speakers', () => {
  const terminal = new CapturedTerminal();
  const request = (...speakers: string[]): Promise<RequestedSession> =>
    requestedSession(
      { terminal, library, signal: new AbortController().signal },
      {
        speakers,
        adaptation: false,
        scene: true,
        sendSpeakers: [],
        backend: 'file',
        input: 'x.wav',
        latency: 'monitor',
        port: 0,
        stdoutRate: 16_000,
        panel: false,
        open: false,
      },
      false,
    );

  it('names preset files by the names they contain; they hide presets of the library', async () => {
    const { settings, library: session } = await request('ann.unmingle.json', './zoe.unmingle.json');
    expect(settings.speakers.map(({ preset }) => String(preset))).toEqual(['ann', 'zoe']);
    expect((await session.byName(presetName('ann'))).preset.training.seed).toBe(2);
    await expect(request('ann', './ann')).rejects.toThrow(/two voices are called "ann".*rename one of them/);
  });

  it('files are not copied, cannot be changed from a panel, and are stored by name', async () => {
    const { settings, library: session } = await request('./zoe.unmingle.json');
    const path = join(root, 'live.json');
    const live = await LiveSession.start({
      library: session,
      store: await SessionStore.read(path),
      settings,
      isLastUsedLoaded: false,
      isAdapting: false,
      recordingFolder: join(root, 'takes'),
      onNotice: () => {},
    });
    const zoe = live.current.presets.find(({ name }) => name === 'zoe');
    expect(zoe).toMatchObject({ origin: 'file', isOwn: false, problem: null });
    const text = await live.exportPreset(presetName('zoe'));
    await live.control({ type: 'unloadPreset', slot: 0 });
    await live.control({ type: 'loadPreset', slot: 0, preset: 'zoe' });
    await live.control({ type: 'unloadPreset', slot: 0 });
    const refusal = /"zoe" was loaded from a file of the command line and cannot be changed here/;
    await expect(live.control({ type: 'deletePreset', preset: 'zoe' })).rejects.toThrow(refusal);
    await expect(live.control({ type: 'renamePreset', preset: 'zoe', name: 'eve' })).rejects.toThrow(refusal);
    await expect(live.importPreset(text, true)).rejects.toThrow(refusal);
    await live.control({ type: 'loadPreset', slot: 0, preset: 'zoe' });
    await live.control({ type: 'saveSnapshot', name: 'Interview' });
    await live.close();
    expect(readdirSync(own)).toEqual(['ann.unmingle.json']);
    const stored = readFileSync(path, 'utf8');
    expect(JSON.parse(stored).snapshots.Interview.speakers[0].preset).toBe('zoe');
    expect(stored).not.toContain(work);
  });
});

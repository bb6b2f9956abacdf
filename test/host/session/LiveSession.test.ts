import { createReadStream, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { demoVoicePath } from '../../../host/files/demoFiles.ts';
import { PresetLibrary, presetFolders } from '../../../host/library/PresetLibrary.ts';
import type { LiveState } from '../../../host/protocol/LiveState.ts';
import { INTERRUPTED } from '../../../host/session/EnrolmentController.ts';
import { LiveSession } from '../../../host/session/LiveSession.ts';
import { defaultSettings, speakerStrips } from '../../../host/session/liveSettings.ts';
import { SessionStore } from '../../../host/session/SessionStore.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { FakeAudioProcess } from './FakeAudioProcess.ts';

const parsed: string[] = [];
vi.mock('../../../engine/model/Preset.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../../engine/model/Preset.ts')>();
  const parsePreset: typeof original.parsePreset = (text) => {
    const preset = original.parsePreset(text);
    parsed.push(preset.name);
    return preset;
  };
  return { ...original, parsePreset };
});

vi.mock('../../../host/session/AudioProcess.ts', async () => {
  const { FakeAudioProcess } = await import('./FakeAudioProcess.ts');
  return { AudioProcess: FakeAudioProcess };
});

const root = temporaryFolder();
const VOICE_FILE = join(presetFolders().bundled, 'demo', 'synthetic-male.flac');
let runs = 0;
let own = '';
let session: LiveSession;
let state: LiveState;
let notices: string[];

beforeEach(async () => {
  FakeAudioProcess.reset();
  notices = [];
  const folder = join(root, String(++runs));
  own = join(folder, 'own');
  await mkdir(own, { recursive: true });
  await mkdir(join(folder, 'bundled'));
  for (const name of ['ann', 'bob', 'carl']) {
    writeFileSync(join(own, `${name}.unmingle.json`), serializePreset(randomPreset(name, 4, name.length)));
  }
  session = await LiveSession.start({
    library: new PresetLibrary({ bundled: join(folder, 'bundled'), own }),
    store: await SessionStore.read(join(folder, 'live.json')),
    settings: defaultSettings({ speakers: speakerStrips(['ann', 'bob']) }),
    isLastUsedLoaded: false,
    isAdapting: false,
    recordingFolder: join(folder, 'takes'),
    onNotice: (text) => notices.push(text),
  });
  session.state$.subscribe((next) => {
    state = next;
  });
});

afterEach(() => session.close());

const files = () => readdirSync(own).sort();
const names = () => state.settings.speakers.map(({ preset }) => preset);
/** Requests of this name wait until the returned function is called. */
function hold(name: string): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  FakeAudioProcess.before = ([each]) => (each === name ? held : undefined);
  return () => {
    FakeAudioProcess.before = () => {};
    release();
  };
}
const back = (count: number) =>
  expect.poll(() => [FakeAudioProcess.all.length, state.phase], { timeout: 5000 }).toEqual([count, 'running']);

describe('the window', () => {
  it('is reset to the default of the latency if it is too short for a longer latency', async () => {
    await session.control({ type: 'setWindow', latency: 'call', windowSeconds: 0.04 });
    await session.control({ type: 'setWindow', latency: 'ear' });
    expect(state.settings).toMatchObject({ latency: 'ear', windowSeconds: 0.04 });
    await session.control({ type: 'setWindow', latency: 'studio' });
    expect(state.settings).toMatchObject({ latency: 'studio', windowSeconds: null });
    expect(FakeAudioProcess.latest.last('speakerSet')).toMatchObject({ latency: 'studio', windowSeconds: null });
  });
});

describe('voices', () => {
  const loaded = () => FakeAudioProcess.latest.last('speakerSet')!.voices;

  it('reach the engine with the ids of their strips, which stay when others go, and with the hash of their preset', async () => {
    const first = loaded();
    expect(first).toMatchObject([
      { id: 1, name: 'ann' },
      { id: 2, name: 'bob' },
    ]);
    expect(first[1]!.presetHash).toMatch(/^[0-9a-f]{64}$/);
    await session.control({ type: 'unloadPreset', voice: 1 });
    expect(loaded()).toEqual([first[1]]);
    await session.control({ type: 'loadPreset', voice: null, preset: 'ann' });
    expect(loaded()).toEqual([first[1], { ...first[0], id: 3 }]);
    expect(FakeAudioProcess.latest.last('mix')!.speakers.map(({ id }) => id)).toEqual([2, 3]);
  });

  it('are named in a take as they are called when it starts', async () => {
    await session.control({ type: 'renamePreset', preset: 'bob', name: 'rob' });
    await session.control({ type: 'startRecording' });
    expect(FakeAudioProcess.latest.last('startTake')!.voices).toEqual([
      { id: 1, name: 'ann' },
      { id: 2, name: 'rob' },
    ]);
  });

  it('have an id of their own each time, also after one that could not be loaded', async () => {
    FakeAudioProcess.before = ([name]) => {
      if (name === 'speakerSet') throw new InputError('the engine does not answer');
    };
    await expect(session.control({ type: 'loadPreset', voice: null, preset: 'carl' })).rejects.toThrow(InputError);
    FakeAudioProcess.before = () => {};
    await session.control({ type: 'loadPreset', voice: null, preset: 'carl' });
    expect(loaded().map(({ id }) => id)).toEqual([1, 2, 4]);
  });
});

describe('the channels of the input', () => {
  const remark = 'input "microphone": 1 of 2 channels is silent; channel 1 is used';

  it('are reported when the best ones are found, and forgotten when devices are opened again', async () => {
    await session.control({ type: 'setDevices', inputChannel: 'best' });
    expect(FakeAudioProcess.latest.last('open')!.request.inputChannel).toBe('best');
    expect(state.inputChoice).toBeNull();
    FakeAudioProcess.latest.chooseInput(remark);
    expect(state.inputChoice).toBe(remark);
    expect(notices.at(-1)).toBe(remark);
    await session.control({ type: 'setDevices', inputChannel: 'mix' });
    expect(state.inputChoice).toBeNull();
  });

  it('of devices that are no longer open are not reported', async () => {
    const before = FakeAudioProcess.latest;
    await session.control({ type: 'setDevices', inputChannel: 2 });
    before.chooseInput(remark);
    expect(state.inputChoice).toBeNull();
    await expect(session.control({ type: 'setDevices', inputChannel: 65 })).rejects.toThrow(/inputChannel: /);
  });
});

describe('lost devices', () => {
  it('are opened again with the changes made in the meantime', async () => {
    const release = hold('open');
    FakeAudioProcess.latest.lose();
    await expect.poll(() => FakeAudioProcess.all.length).toBe(2);
    await session.control({ type: 'setSpeaker', slot: 0, isMuted: true });
    await session.control({ type: 'setParameters', maskExponent: 2 });
    await session.control({ type: 'loadPreset', slot: 2, preset: 'carl' });
    release();
    await back(2);
    const engine = FakeAudioProcess.latest;
    await expect.poll(() => engine.last('mix')?.speakers.length).toBe(3);
    expect(engine.last('mix')!.speakers[0]!.isMuted).toBe(true);
    expect(engine.last('parameters')!.maskExponent).toBe(2);
    expect(engine.last('speakerSet')!.presets).toHaveLength(3);
  });

  it('are opened again although a loaded preset is missing: the input passes through, and a notice gives the reason', async () => {
    await rm(join(own, 'ann.unmingle.json'));
    FakeAudioProcess.latest.lose();
    await back(2);
    await expect.poll(() => state.problem).toMatch(/no preset is called "ann"/);
    expect(notices.at(-1)).toMatch(/ann/);
    expect(FakeAudioProcess.latest.last('speakerSet')).toBeUndefined();
    await session.control({ type: 'unloadPreset', slot: 0 });
    expect(FakeAudioProcess.latest.last('speakerSet')!.presets).toHaveLength(1);
  });

  it('are not opened twice if the user has chosen others in the meantime', async () => {
    let isRefusing = true;
    FakeAudioProcess.before = ([name]) => {
      if (name === 'open' && isRefusing) throw new InputError('missing: no such device');
    };
    FakeAudioProcess.latest.lose();
    await expect.poll(() => state.phase).toBe('waiting');
    await expect.poll(() => FakeAudioProcess.all.length).toBe(2);
    isRefusing = false;
    await session.control({ type: 'setDevices', input: 'headset' });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(FakeAudioProcess.all.length).toBe(3);
    expect(FakeAudioProcess.latest.last('speakerSet')!.presets).toHaveLength(2);
  });
});

describe('other devices', () => {
  it('end a take, and a new one can be started', async () => {
    await session.control({ type: 'startRecording' });
    expect(state.recording).not.toBeNull();
    await session.control({ type: 'setDevices', output: 'headphones' });
    expect(state.recording).toBeNull();
    expect(state.problem).toMatch(/recording has ended.*readable/);
    await session.control({ type: 'startRecording' });
    expect(FakeAudioProcess.latest.last('startTake')).toBeDefined();
    expect(state.recording).not.toBeNull();
  });

  it('are refused if the speakers cannot be loaded for them; the previous ones are opened again', async () => {
    FakeAudioProcess.before = ([name]) => {
      if (name === 'speakerSet') throw new InputError('a window of 24576 samples');
    };
    await expect(session.control({ type: 'setDevices', input: 'fast' })).rejects.toThrow(/24576/);
    FakeAudioProcess.before = () => {};
    await expect.poll(() => FakeAudioProcess.latest.last('speakerSet')?.presets.length, { timeout: 5000 }).toBe(2);
    expect(state.settings.input).toBeNull();
  });
});

describe('changes', () => {
  it('made at the same time are applied one after the other, each to the result of the previous one', async () => {
    const release = hold('speakerSet');
    const all = Promise.all([
      session.control({ type: 'loadPreset', slot: 2, preset: 'carl' }),
      session.control({ type: 'setSpeaker', slot: 0, gainDecibels: -9 }),
    ]);
    release();
    await all;
    expect(names()).toEqual(['ann', 'bob', 'carl']);
    expect(state.settings.speakers[0]!.gainDecibels).toBe(-9);
    expect(FakeAudioProcess.latest.last('mix')!.speakers.map(({ gainDecibels }) => gainDecibels)).toEqual([-9, 0, 0]);
  });
});

describe('presets', () => {
  it('are parsed once on their way to the engine, which receives the parsed objects', async () => {
    parsed.length = 0;
    await session.control({ type: 'loadPreset', slot: 2, preset: 'carl' });
    expect(parsed).toEqual(['ann', 'bob', 'carl']);
    const { presets, adaptation } = FakeAudioProcess.latest.last('speakerSet')!;
    expect(presets.map(({ name }) => name)).toEqual(['ann', 'bob', 'carl']);
    expect(presets[2]!.layers[0]!.weights).toBeInstanceOf(Int8Array);
    expect(adaptation).toBeNull();
    parsed.length = 0;
    await session.control({ type: 'saveSnapshot', name: 'Three' });
    await session.control({ type: 'unloadPreset', slot: 2 });
    expect(parsed).toEqual(['ann', 'bob']);
    await session.control({ type: 'recallSnapshot', name: 'Three' });
    expect(parsed).toEqual(['ann', 'bob', 'ann', 'bob', 'carl']);
  });

  it('are refused if unknown, whether or not devices are open, and nothing changes', async () => {
    const unknown = { type: 'loadPreset', slot: 2, preset: 'zoe' } as const;
    await expect(session.control(unknown)).rejects.toThrow(/no preset is called "zoe"/);
    const release = hold('open');
    FakeAudioProcess.latest.lose();
    await expect(session.control(unknown)).rejects.toThrow(/no preset is called "zoe"/);
    expect(names()).toEqual(['ann', 'bob']);
    release();
    await back(2);
  });

  it('are imported in turn with other changes', async () => {
    const release = hold('speakerSet');
    const order: string[] = [];
    const done = Promise.all([
      session.control({ type: 'setWindow', latency: 'call' }).then(() => order.push('window')),
      session.importPreset(serializePreset(randomPreset('dora', 4, 4)), false).then(() => order.push('import')),
      session.control({ type: 'loadPreset', slot: 2, preset: 'dora' }).then(() => order.push('load')),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(files()).not.toContain('dora.unmingle.json');
    release();
    await done;
    expect(order).toEqual(['window', 'import', 'load']);
    expect(state.presets.map(({ name }) => name)).toContain('dora');
  });

  it('cannot be deleted while loaded', async () => {
    await expect(session.control({ type: 'deletePreset', preset: 'ann' })).rejects.toThrow(
      /"ann" is loaded: unload it/,
    );
    await session.control({ type: 'unloadPreset', slot: 0 });
    await session.control({ type: 'deletePreset', preset: 'ann' });
    expect(files()).toEqual(['bob.unmingle.json', 'carl.unmingle.json']);
    await session.control({ type: 'restorePreset', preset: 'ann' });
    expect(files()).toContain('ann.unmingle.json');
  });

  it.each(['Ann', 'dora'])('keep their evidence when renamed, and leave no copy: %s', async (wanted) => {
    writeFileSync(join(own, 'ann.evidence.json'), 'evidence');
    await session.control({ type: 'renamePreset', preset: 'ann', name: wanted });
    expect(files().filter((name) => !/bob|carl/.test(name))).toEqual(
      [`${wanted}.evidence.json`, `${wanted}.unmingle.json`].sort(),
    );
    expect(JSON.parse(readFileSync(join(own, `${wanted}.unmingle.json`), 'utf8')).name).toBe(wanted);
    expect(names()).toEqual([wanted, 'bob']);
    await expect(session.control({ type: 'renamePreset', preset: 'carl', name: 'BOB' })).rejects.toThrow(
      /"bob" exists/,
    );
  });
});

describe('enrolment', () => {
  it('does not train while a file is incomplete, and publishes nothing after it was cancelled', async () => {
    await session.control({ type: 'startEnrolment', name: 'dora', source: 'files' });
    await session.addEnrolmentFile('one.flac', createReadStream(VOICE_FILE));
    expect(state.enrolment!.speechSeconds).toBeGreaterThan(3);
    let finish = () => {};
    const rest = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = (async function* () {
      const content = readFileSync(VOICE_FILE);
      yield content.subarray(0, 1000);
      await rest;
      yield content.subarray(1000);
    })();
    const upload = session.addEnrolmentFile('two.flac', slow);
    const refused = expect(upload).rejects.toThrow(/"two.flac": the enrolment has ended/);
    await expect(session.control({ type: 'trainEnrolment' })).rejects.toThrow(/still being uploaded/);
    await session.control({ type: 'cancelEnrolment' });
    finish();
    await refused;
    expect(state.enrolment).toBeNull();
  });

  it('refuses a broken file without losing the others', async () => {
    await session.control({ type: 'startEnrolment', name: 'dora', source: 'files' });
    const broken = session.addEnrolmentFile('broken.wav', [
      Buffer.from('RIFF'),
    ] as unknown as AsyncIterable<Uint8Array>);
    const whole = session.addEnrolmentFile('whole.flac', createReadStream(VOICE_FILE));
    await expect(broken).rejects.toThrow(/"broken.wav"/);
    await whole;
    await session.addEnrolmentFile('another.flac', createReadStream(demoVoicePath('synthetic-female')));
    expect(state.enrolment!.speechSeconds).toBeGreaterThan(6);
  });

  it('from the microphone is kept when the device is closed', async () => {
    await session.control({ type: 'startEnrolment', name: 'dora', source: 'microphone' });
    expect(state.enrolment!.phase).toBe('recording');
    await session.control({ type: 'setDevices', input: 'headset' });
    await expect.poll(() => state.enrolment).toMatchObject({ phase: 'ready', message: INTERRUPTED });
  });
});

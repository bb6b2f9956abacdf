import { copyFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/core/errors.ts';
import { serializePreset } from '../../engine/model/Preset.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { AudioError } from '../../host/audio/backend/AudioError.ts';
import { type PresetFolders, presetFolders } from '../../host/library/PresetLibrary.ts';
import { ControlLine, ControlQueue } from '../../host/panel/ControlQueue.ts';
import { CONTROL_MESSAGE, type ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { hostError } from '../../host/session/hostError.ts';
import type { LiveControl } from '../../host/session/LiveControl.ts';
import { randomPreset } from '../engine/syntheticVoice.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { BUNDLED, LOADED, OWN, observable, type Step } from './controlRow.ts';
import { ACCEPTED, REFUSED } from './liveControlRows.ts';

/** Work that waits until `release` is called. */
export class Hold {
  /** Resolves when the work has begun. */
  readonly begun: Promise<void>;
  release = () => {};
  private begin = () => {};
  private readonly released: Promise<void>;

  constructor() {
    this.begun = new Promise((resolve) => {
      this.begin = resolve;
    });
    this.released = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  wait(): Promise<void> {
    this.begin();
    return this.released;
  }
}

export interface SessionUnderTest {
  readonly session: LiveControl;
  /** Folder of its recordings. */
  readonly takesFolder: string;
  /** Makes requests to load speakers wait in the engine. */
  holdSpeakers(hold: Hold): void;
  /** Plays two seconds of silence into the input. */
  hear(): void;
  /** Completes the adaptation that is being learnt; without effect if there is none. */
  finishAdaptation(): void;
  /** Simulates devices that are unplugged and stay away. Resolves when the state shows it. */
  loseDevices(): Promise<void>;
  close(): Promise<void>;
}

export interface SessionRequest {
  readonly folders: PresetFolders;
  /** For settings and recordings. */
  readonly folder: string;
  readonly speakers: readonly string[];
  readonly isAdapting: boolean;
}

/** What an adaptation is learnt from. */
const EVIDENCE = join(presetFolders().bundled, 'synthetic-male.evidence.json');
/** Long enough for a change that nothing holds back. */
const PAUSE_MILLISECONDS = 60;
const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));

/** Contract of live sessions: how each control message changes the state, and why it is refused. */
export function describeLiveControl(name: string, start: (request: SessionRequest) => Promise<SessionUnderTest>): void {
  // Hooks outside a `describe` would start this session for the tests of the others too.
  describe(name, () => describeSession(start));
}

function describeSession(start: (request: SessionRequest) => Promise<SessionUnderTest>): void {
  const root = temporaryFolder();
  const template = join(root, 'template');
  for (const own of OWN) writeVoice(join(template, 'own'), own);
  writeVoice(join(template, 'bundled'), BUNDLED);
  let runs = 0;
  let tested: SessionUnderTest;
  let session: LiveControl;
  const current = () => firstValueFrom(session.state$);
  const take = (step: Step) =>
    typeof step === 'function' ? step(session, tested.takesFolder, () => tested.hear()) : session.control(step);

  async function startSession(isAdapting: boolean): Promise<void> {
    const folder = join(root, String(++runs));
    cpSync(template, folder, { recursive: true });
    const folders = { bundled: join(folder, 'bundled'), own: join(folder, 'own') };
    if (isAdapting) for (const own of OWN) copyFileSync(EVIDENCE, join(folders.own, `${own}.evidence.json`));
    tested = await start({ folders, folder, speakers: LOADED, isAdapting });
    ({ session } = tested);
  }
  beforeEach(() => startSession(false));
  afterEach(() => tested.close());

  describe('carries out', () => {
    it.each(titled(ACCEPTED))('%s', async (_, { steps = [], message, changes }) => {
      for (const step of steps) await take(step);
      const before = await current();
      await session.control(message);
      expect(observable(await current())).toEqual({ ...observable(before), ...changes(before) });
    });
  });

  describe('refuses', () => {
    it.each(titled(REFUSED))('%s', async (_, row) => {
      for (const step of row.steps ?? []) await take(step);
      if (row.areDevicesLost === true) await tested.loseDevices();
      const before = await current();
      const refusal: unknown = await session.control(row.message as ControlMessage).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(InputError);
      expect((refusal as InputError).message).toMatch(row.reason);
      expect(refusal instanceof AudioError ? refusal.kind : undefined).toBe(row.kind);
      // Devices that replaced others in vain are opened again.
      await expect.poll(async () => observable(await current())).toEqual(observable(before));
    });
  });

  describe('messages', () => {
    it('all have a row that is carried out and one that is refused', () => {
      const types = CONTROL_MESSAGE.options.map(({ entries }) => entries.type.literal).sort();
      const typesOf = (rows: readonly { readonly message: { readonly type: string } }[]) =>
        [...new Set(rows.map(({ message }) => message.type))].sort();
      expect(typesOf(ACCEPTED)).toEqual(types);
      expect(typesOf(REFUSED)).toEqual(types);
    });

    it('are shown only after the engine has accepted them', async () => {
      const hold = new Hold();
      tested.holdSpeakers(hold);
      const loading = session.control({ type: 'loadPreset', slot: 2, preset: 'carl' });
      await hold.begun;
      expect((await current()).settings.speakers).toHaveLength(2);
      hold.release();
      await loading;
      expect((await current()).settings.speakers).toHaveLength(3);
    });

    it('sent at once are carried out in order, each on the result of the one before; a refused one is skipped', async () => {
      const hold = new Hold();
      tested.holdSpeakers(hold);
      const sent = Promise.allSettled([
        session.control({ type: 'unloadPreset', slot: 0 }),
        session.control({ type: 'setSpeaker', slot: 1, isMuted: true }),
        session.control({ type: 'setSpeaker', slot: 0, isMuted: true }),
        session.control({ type: 'loadPreset', slot: 1, preset: 'carl' }),
      ]);
      hold.release();
      expect((await sent).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
      expect(voices(await current())).toEqual(['bob muted', 'carl']);
    });

    it('from two quick clicks unload one voice, never the one that has moved into its slot', async () => {
      const click = () => session.control({ type: 'unloadPreset', voice: 1 }).catch(hostError);
      expect(await Promise.all([click(), click()])).toEqual([
        undefined,
        { kind: 'voice-gone', message: 'voice 1 is not loaded any more', remedy: null, voice: 1 },
      ]);
      expect(voices(await current())).toEqual(['bob']);
    });

    it('leave the ids of other voices as they are, also a new name', async () => {
      const ids = async () => (await current()).settings.speakers.map(({ id, preset }) => [preset, id]);
      await session.control({ type: 'loadPreset', voice: null, preset: 'carl' });
      await session.control({ type: 'renamePreset', preset: 'bob', name: 'rob' });
      await session.control({ type: 'unloadPreset', voice: 1 });
      await session.control({ type: 'setWindow', latency: 'call' });
      expect(await ids()).toEqual([
        ['rob', 2],
        ['carl', 3],
      ]);
    });

    it('of two panels alternate, and the state is published in that order', async () => {
      const published: string[] = [];
      session.state$.subscribe((state) => {
        const levels = state.settings.speakers.map(({ gainDecibels }) => gainDecibels).join(' ');
        if (levels !== published.at(-1)) published.push(levels);
      });
      const queue = new ControlQueue(session);
      const [one, other] = [new ControlLine(), new ControlLine()];
      const sent = [one, other].flatMap((line, slot) =>
        [-1, -2, -3].map((gainDecibels) => queue.handle(line, { type: 'setSpeaker', slot, gainDecibels })),
      );
      await Promise.all(sent);
      expect(published).toEqual(['0 0', '-1 0', '-1 -1', '-2 -1', '-2 -2', '-3 -2', '-3 -3']);
    });

    it('wait for an import that was sent before them, and imports for messages', async () => {
      const order: string[] = [];
      const hold = new Hold();
      tested.holdSpeakers(hold);
      const eve = serializePreset(randomPreset('eve', 4, 1));
      const sent = Promise.all([
        session.control({ type: 'loadPreset', slot: 2, preset: 'carl' }).then(() => order.push('load carl')),
        session.importPreset(eve, false).then(() => order.push('import eve')),
        session.control({ type: 'loadPreset', slot: 3, preset: 'eve' }).then(() => order.push('load eve')),
      ]);
      await hold.begun;
      await pause();
      expect((await current()).presets).toHaveLength(4);
      hold.release();
      await sent;
      expect(order).toEqual(['load carl', 'import eve', 'load eve']);
      expect(voices(await current())).toEqual(['ann', 'bob', 'carl', 'eve']);
    });
  });

  describe('without open devices', () => {
    it('keeps changes of the settings', async () => {
      await tested.loseDevices();
      expect(await current()).toMatchObject({ phase: 'waiting', problem: expect.any(String) });
      await session.control({ type: 'setSpeaker', slot: 0, isMuted: true });
      await session.control({ type: 'loadPreset', slot: 2, preset: 'carl' });
      expect(voices(await current())).toEqual(['ann muted', 'bob', 'carl']);
    });

    it('ends takes, and states that; keeps what the microphone has recorded of a voice', async () => {
      await session.control({ type: 'startRecording' });
      await session.control({ type: 'startEnrolment', name: 'eve', source: 'microphone' });
      await tested.loseDevices();
      await expect.poll(async () => (await current()).enrolment).toMatchObject({ name: 'eve', phase: 'ready' });
      expect(await current()).toMatchObject({
        recording: null,
        endedRecording: { reason: 'its sound was interrupted' },
      });
    });
  });

  describe('files', () => {
    it('are imported unless the name exists, or then if they replace it', async () => {
      const bob = serializePreset(randomPreset('BOB', 4, 1));
      await expect(session.importPreset(bob, false)).rejects.toThrow(/^a preset called "bob" exists/);
      await expect(session.importPreset('{}', false)).rejects.toThrow(InputError);
      const carl = serializePreset(randomPreset('carl', 8, 1));
      expect(await session.importPreset(carl, true)).toBe('carl');
      expect((await current()).presets.find((each) => each.name === 'carl')?.templates).toBe(8);
      expect(await session.exportPreset(presetName('carl'))).toBe(carl);
    });

    it('of the open recording are deleted when the session ends', async () => {
      const folders = () =>
        readdirSync(tmpdir()).filter((each) => each.startsWith(`unmingle-recording-${process.pid}-`));
      const before = folders();
      await session.recordings.open('talk.wav', emptyFile());
      expect(folders()).toHaveLength(before.length + 1);
      await tested.close();
      expect(folders()).toEqual(before);
      expect(session.recordings.segments()).toBeNull();
      await startSession(false);
    });

    it('are refused if unknown, or if no enrolment is waiting for them', async () => {
      await expect(session.exportPreset(presetName('zoe'))).rejects.toThrow(/no preset is called "zoe"/);
      const upload = () => session.addEnrolmentFile('a.wav', emptyFile());
      await expect(upload()).rejects.toThrow(/^"a.wav": no enrolment is waiting for files$/);
      await session.control({ type: 'startEnrolment', name: 'eve', source: 'microphone' });
      await expect(upload()).rejects.toThrow(/^"a.wav": no enrolment is waiting for files$/);
    });
  });

  it('lists the backends that can be chosen, without the null device, and each device once', async () => {
    const { backends, devices } = await current();
    expect(backends).toEqual(['portaudio', 'webaudio', 'file']);
    expect(devices.map(({ id }) => id)).toEqual(['mic', 'headset', 'out']);
  });

  describe('adaptation', () => {
    const phase = async () => (await current()).adaptation.phase;
    beforeEach(async () => {
      await tested.close();
      await startSession(true);
      expect(await phase()).toBe('learning');
    });

    it('is loaded when it has been learnt', async () => {
      tested.finishAdaptation();
      await expect.poll(phase).toBe('adapted');
      expect(voices(await current())).toEqual(['ann', 'bob']);
    });

    it('that ends while speakers are being loaded is loaded after them', async () => {
      const hold = new Hold();
      tested.holdSpeakers(hold);
      const loading = session.control({ type: 'setWindow', latency: 'call' });
      await hold.begun;
      tested.finishAdaptation();
      await pause();
      expect(await phase()).toBe('learning');
      hold.release();
      await loading;
      await expect.poll(phase).toBe('adapted');
      expect((await current()).settings.latency).toBe('call');
    });

    it('is cancelled when a speaker is unloaded, and its late result changes nothing', async () => {
      await session.control({ type: 'unloadPreset', slot: 1 });
      expect(await phase()).toBe('none');
      const before = await current();
      tested.finishAdaptation();
      await pause();
      expect(await current()).toBe(before);
    });

    it('is learnt for the new speakers when another one is loaded', async () => {
      await session.control({ type: 'loadPreset', slot: 2, preset: 'carl' });
      expect(await phase()).toBe('learning');
      tested.finishAdaptation();
      await expect.poll(phase).toBe('adapted');
      expect(voices(await current())).toEqual(['ann', 'bob', 'carl']);
    });
  });
}

function titled<T extends { readonly title?: string; readonly message: object }>(rows: readonly T[]): [string, T][] {
  return rows.map((row) => [`${JSON.stringify(row.message)}${row.title === undefined ? '' : `: ${row.title}`}`, row]);
}

function voices({ settings }: LiveState): string[] {
  return settings.speakers.map(({ preset, isMuted }) => (isMuted ? `${preset} muted` : preset));
}

async function* emptyFile(): AsyncGenerator<Uint8Array> {}

function writeVoice(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.unmingle.json`), serializePreset(randomPreset(name, 4, name.charCodeAt(0))));
}

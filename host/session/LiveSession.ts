import { BehaviorSubject, type Observable } from 'rxjs';
import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { resolveParameters } from '../../engine/separator/parameters.ts';
import { BACKEND_NAMES, type BackendName } from '../audio/backend/AudioBackend.ts';
import { NOWHERE } from '../audio/backend/FileBackend.ts';
import { AdaptationLibrary } from '../library/AdaptationLibrary.ts';
import type { PresetLibrary } from '../library/PresetLibrary.ts';
import { type ControlMessage, checkControlMessage } from '../protocol/controlMessages.ts';
import type { LiveSettings, LiveState, LiveStatus, SpeakerStrip } from '../protocol/LiveState.ts';
import type { AudioStatus, OpenedAudio } from '../rpc/audioMessages.ts';
import { AudioLink } from './AudioLink.ts';
import type { AudioProcess } from './AudioProcess.ts';
import { BackgroundAdaptation } from './BackgroundAdaptation.ts';
import { DeviceList } from './DeviceList.ts';
import { EnrolmentController } from './EnrolmentController.ts';
import type { LiveControl } from './LiveControl.ts';
import { fittingWindow, initialState, nextColour, snapshotOf, speakerFileNames } from './liveSettings.ts';
import { PresetManager } from './PresetManager.ts';
import type { SessionStore } from './SessionStore.ts';
import { takeFolder } from './takeFolder.ts';

export interface LiveSessionOptions {
  readonly library: PresetLibrary;
  readonly store: SessionStore;
  readonly settings: LiveSettings;
  /** Whether the speakers last used with the input device are loaded where `settings` has none. */
  readonly isLastUsedLoaded: boolean;
  /** Whether speakers that are loaded together are adapted to each other. */
  readonly isAdapting: boolean;
  /** Where takes go, each into a folder of its own. */
  readonly recordingFolder: string;
  /** One line for the user. */
  readonly onNotice: (text: string) => void;
}

/** What the file backend can play to besides the files of the command line. */
export const FILE_OUTPUTS: readonly string[] = ['none', NOWHERE];
const USER_BACKENDS: readonly BackendName[] = BACKEND_NAMES;

/**
 * A live session: settings, presets, recordings and enrolment on this side, devices and engine behind a link to a process of their own.
 * @thread main
 */
export class LiveSession implements LiveControl {
  readonly state$: Observable<LiveState>;
  readonly status$: Observable<LiveStatus>;
  readonly telemetry$: Observable<Uint8Array>;

  private readonly options: LiveSessionOptions;
  private readonly state: BehaviorSubject<LiveState>;
  private readonly link: AudioLink;
  private readonly presetManager: PresetManager;
  /** null: speakers stay as they are. */
  private readonly adapter: BackgroundAdaptation | null;
  private readonly devices = new DeviceList(
    () => this.current,
    (devices) => this.show({ devices }),
  );
  private readonly enrolment: EnrolmentController;
  /** Ends when whatever has begun to change settings or snapshot has done so. */
  private changing: Promise<unknown> = Promise.resolve();

  private constructor(options: LiveSessionOptions, state: LiveState) {
    this.options = options;
    this.state = new BehaviorSubject(state);
    this.presetManager = new PresetManager(options.library);
    this.adapter = options.isAdapting ? this.createAdapter() : null;
    this.link = new AudioLink({
      onOpening: (audio) => this.requestOpen(audio),
      onOpened: (opened) => this.begin(opened),
      onBack: () => this.resume(),
      onWaiting: (problem) => this.wait(problem),
      onStatus: (status) => this.follow(status),
      onNotice: (text) => options.onNotice(text),
      onRecordingFailed: (what, message) => this.failRecording(what, message),
    });
    this.enrolment = new EnrolmentController(this.link, this.presetManager, {
      onState: (enrolment) => this.show({ enrolment }),
      onTrained: (preset) => void this.runExclusive(() => this.onTrained(preset)),
    });
    this.state$ = this.state;
    this.status$ = this.link.status;
    this.telemetry$ = this.link.telemetry;
  }

  /**
   * Opens devices and loads the speakers.
   * @throws InputError where the devices cannot be opened or a speaker is unknown; then nothing runs
   */
  static async start(options: LiveSessionOptions): Promise<LiveSession> {
    const state = initialState(
      options.settings,
      await options.library.list(),
      options.store.snapshotNames,
      USER_BACKENDS,
    );
    const session = new LiveSession(options, state);
    for (const { preset } of options.settings.speakers) await options.library.load(preset);
    try {
      await session.link.open();
      await session.runExclusive(() => session.syncEngine());
    } catch (error) {
      await session.close();
      throw error;
    }
    if (options.isLastUsedLoaded && options.settings.speakers.length === 0) {
      await session.runExclusive(() => session.loadLastUsed());
    }
    return session;
  }

  get current(): LiveState {
    return this.state.value;
  }

  async control(message: ControlMessage): Promise<void> {
    const checked = checkControlMessage(message);
    return this.runExclusive(() => this.handle(checked));
  }

  private async handle(checked: ControlMessage): Promise<void> {
    switch (checked.type) {
      case 'setSpeaker': {
        const { type: _, slot, ...changes } = checked;
        this.requireSlot(slot);
        return this.change({
          speakers: this.settings.speakers.map((each, s) => (s === slot ? { ...each, ...defined(changes) } : each)),
        });
      }
      case 'setRest': {
        const { type: _, ...changes } = checked;
        return this.change({ rest: { ...this.settings.rest, ...defined(changes) } });
      }
      case 'setMaster': {
        const { type: _, ...changes } = checked;
        return this.change({ master: { ...this.settings.master, ...defined(changes) } });
      }
      case 'setParameters': {
        const { type: _, ...changes } = checked;
        return this.change({ parameters: resolveParameters({ ...this.settings.parameters, ...defined(changes) }) });
      }
      case 'setWindow': {
        const { type: _, ...changes } = checked;
        return this.change(fittingWindow(this.settings, defined(changes)));
      }
      case 'setDevices': {
        const { type: _, ...changes } = checked;
        return this.changeDevices(defined(changes));
      }
      case 'refreshDevices':
        // Faders go on meanwhile.
        void this.devices.look();
        return;
      case 'loadPreset':
        return this.loadPreset(checked.slot, checked.preset);
      case 'unloadPreset':
        this.requireSlot(checked.slot);
        return this.change({ speakers: this.settings.speakers.filter((_, s) => s !== checked.slot) });
      case 'renamePreset':
        return this.renamePreset(checked.preset, checked.name);
      case 'deletePreset':
        return this.deletePreset(checked.preset);
      case 'restorePreset':
        await this.presetManager.restore(checked.preset);
        return this.showPresets();
      case 'saveSnapshot':
        await this.options.store.saveSnapshot(checked.name, snapshotOf(this.settings));
        return this.show({ snapshots: this.options.store.snapshotNames });
      case 'recallSnapshot':
        return this.recallSnapshot(checked.name);
      case 'deleteSnapshot':
        await this.options.store.deleteSnapshot(checked.name);
        return this.show({ snapshots: this.options.store.snapshotNames });
      case 'startRecording':
        return this.startRecording();
      case 'stopRecording':
        await this.link.request('stopTake', null);
        return this.show({ recording: null });
      case 'startEnrolment':
        return this.enrolment.start(checked.name, checked.source);
      case 'trainEnrolment':
        return this.enrolment.train();
      case 'cancelEnrolment':
        return this.enrolment.end();
      default:
        throw new InputError(`"${checked satisfies never}" is no control message`);
    }
  }

  addEnrolmentFile(fileName: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    return this.enrolment.addFile(fileName, content);
  }

  async importPreset(text: string, isReplacing: boolean): Promise<string> {
    const { name } = await this.presetManager.add(text, isReplacing);
    await this.showPresets();
    return name;
  }

  exportPreset(name: string): Promise<string> {
    return this.presetManager.read(name);
  }

  /** Completes recordings, closes devices. Never throws. */
  async close(): Promise<void> {
    this.adapter?.stop();
    await this.enrolment.end().catch(() => {});
    await this.link.close();
    this.show({ phase: 'stopped' });
    this.state.complete();
  }

  /** A preset that has gone since is no reason not to start. */
  private async loadLastUsed(): Promise<void> {
    const { inputName } = this.current;
    const last = inputName === null ? null : this.options.store.lastWith(inputName);
    const isThere = (name: string) => this.current.presets.some((each) => each.name === name && each.problem === null);
    if (last?.speakers.some(({ preset }) => isThere(preset)) !== true) return;
    await this.change({ speakers: last.speakers.filter(({ preset }) => isThere(preset)), rest: last.rest });
  }

  private get settings(): LiveSettings {
    return this.current.settings;
  }

  private show(changes: Partial<LiveState>): void {
    this.state.next({ ...this.current, ...changes });
  }

  /** One change after the other: two at once would each begin from the same settings, and the later one undo the earlier. */
  private runExclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.changing.then(work);
    this.changing = done.catch(() => {});
    return done;
  }

  /** Takes new settings once the engine has taken them. */
  private async change(changes: Partial<LiveSettings>): Promise<void> {
    const before = this.settings;
    const settings: LiveSettings = { ...before, ...changes };
    await this.apply(before, settings);
    this.show({ settings });
    const { inputName } = this.current;
    if (inputName !== null) await this.options.store.remember(inputName, snapshotOf(settings)).catch(() => {});
  }

  private async apply(before: LiveSettings, settings: LiveSettings): Promise<void> {
    const { link } = this;
    if (!link.isOpen) return;
    const names = (each: LiveSettings) => each.speakers.map(({ preset }) => preset).join('\n');
    const { latency, windowSeconds } = settings;
    if (names(before) !== names(settings) || before.latency !== latency || before.windowSeconds !== windowSeconds) {
      await this.loadSpeakers(settings);
    }
    if (before.parameters !== settings.parameters) await link.request('parameters', settings.parameters);
    await link.request('mix', settings);
  }

  /** What an audio process that has just opened its devices does not know. */
  private async syncEngine(): Promise<void> {
    const { link, settings } = this;
    await this.loadSpeakers(settings);
    await link.request('parameters', settings.parameters);
    await link.request('mix', settings);
  }

  private async loadSpeakers(settings: LiveSettings): Promise<void> {
    const { latency, windowSeconds } = settings;
    const names = settings.speakers.map(({ preset }) => preset);
    const sources = this.adapter === null ? await this.plainSources(names) : await this.adapter.prepare(names);
    this.show(await this.link.request('speakerSet', { ...sources, latency, windowSeconds }));
  }

  private async plainSources(names: readonly string[]) {
    const presets: string[] = [];
    for (const name of names) presets.push(await this.presetManager.read(name));
    return { presets, adaptation: null };
  }

  private createAdapter(): BackgroundAdaptation {
    return new BackgroundAdaptation(new AdaptationLibrary(this.options.library), {
      onState: (adaptation) => this.show({ adaptation }),
      // Devices that are lost load the snapshot when they are back.
      onReady: () => void this.runExclusive(() => this.loadSpeakers(this.settings)).catch(() => {}),
      onNotice: (text) => this.options.onNotice(text),
    });
  }

  private requestOpen(audio: AudioProcess): Promise<OpenedAudio> {
    const { settings } = this;
    const request = { ...settings, backend: settings.backend as BackendName | null };
    return audio.request('open', { request, mix: settings, parameters: settings.parameters });
  }

  private begin({ notice, ...opened }: OpenedAudio): void {
    if (notice !== null) this.options.onNotice(notice);
    this.show({ ...opened, phase: 'running', problem: null });
  }

  /** Devices are back. Where the voices cannot be loaded any more the input passes through, which is better than silence. */
  private resume(): Promise<void> {
    return this.runExclusive(() => this.syncEngine()).catch((error: Error) => {
      if (!this.link.isOpen) return;
      this.options.onNotice(error.message);
      this.show({ problem: error.message });
    });
  }

  private wait(problem: string): void {
    this.loseRecordings();
    this.show({ phase: 'waiting', problem });
  }

  /** Recordings have ended with the process that wrote them; what was written is readable. @returns what to tell of it */
  private loseRecordings(): string | null {
    const { recording } = this.current;
    if (this.enrolment.isRecording) void this.enrolment.end();
    if (recording === null) return null;
    this.show({ recording: null });
    const message = `the recording has ended with its devices, and is readable: ${recording.folder}`;
    this.options.onNotice(message);
    return message;
  }

  private follow({ take, speech }: AudioStatus): void {
    const { recording } = this.current;
    if (recording !== null && take !== null) this.show({ recording: { ...recording, ...take } });
    if (speech !== null) this.enrolment.setSpeech(speech);
  }

  private async changeDevices(changes: Partial<LiveSettings>): Promise<void> {
    const before = this.settings;
    const settings: LiveSettings = { ...before, ...changes };
    const { backend } = settings;
    if (backend !== null && !USER_BACKENDS.includes(backend as BackendName)) {
      throw new InputError(`backend must be one of ${USER_BACKENDS.join(', ')}, got "${backend}"`);
    }
    // A panel never names a file: those that were given on the command line, or the demo.
    if (backend === 'file' && before.backend === 'file') requireSameFiles(before, settings);
    const isNewlyFile = backend === 'file' && before.backend !== 'file';
    this.show({ settings: isNewlyFile ? { ...settings, input: null, output: null, send: null } : settings });
    const { inputName } = this.current;
    const lost = this.loseRecordings();
    try {
      await this.link.open();
      await this.syncEngine();
    } catch (error) {
      // What worked before is opened again, and the panel hears why.
      this.show({ settings: before, problem: error instanceof Error ? error.message : String(error) });
      await this.link.release();
      void this.link.retry();
      throw error;
    }
    if (lost !== null) this.show({ problem: lost });
    // Voices that are being separated are not taken away; an empty console gets those of its microphone.
    if (this.current.inputName !== inputName && this.settings.speakers.length === 0) await this.loadLastUsed();
  }

  private requireSlot(slot: number): void {
    const { length } = this.settings.speakers;
    if (slot >= length)
      throw new InputError(`slot must be under ${length}, the number of loaded speakers, got ${slot}`);
  }

  private async loadPreset(slot: number, preset: string): Promise<void> {
    const { speakers } = this.settings;
    const position = Math.min(slot, speakers.length);
    if (position >= MAXIMUM_SPEAKERS) throw new InputError(`at most ${MAXIMUM_SPEAKERS} speakers can be loaded`);
    await this.options.library.load(preset);
    const strip: SpeakerStrip = speakers[position] ?? {
      ...{ preset, gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false },
      colour: nextColour(speakers),
    };
    await this.change({ speakers: speakers.toSpliced(position, 1, { ...strip, preset }) });
  }

  private async showPresets(): Promise<void> {
    this.show({ presets: await this.presetManager.list(), deletedPresets: this.presetManager.deletedNames });
  }

  private async deletePreset(name: string): Promise<void> {
    if (this.settings.speakers.some(({ preset }) => preset === name)) {
      throw new InputError(`"${name}" is loaded: unload it before deleting it`);
    }
    await this.presetManager.delete(name);
    await this.showPresets();
  }

  private async renamePreset(name: string, wanted: string): Promise<void> {
    await this.presetManager.rename(name, wanted);
    const speakers = this.settings.speakers.map((each) => (each.preset === name ? { ...each, preset: wanted } : each));
    this.show({ settings: { ...this.settings, speakers } });
    await this.showPresets();
  }

  private async recallSnapshot(name: string): Promise<void> {
    const snapshot = this.options.store.snapshot(name);
    if (snapshot === null) throw new InputError(`no snapshot is called "${name}"`);
    for (const { preset } of snapshot.speakers) await this.options.library.load(preset);
    await this.change(snapshot);
  }

  private async startRecording(): Promise<void> {
    if (this.current.recording !== null) return;
    const folder = takeFolder(this.options.recordingFolder);
    await this.link.request('startTake', { folder, speakers: speakerFileNames(this.settings.speakers) });
    this.show({ recording: { folder, seconds: 0, bytes: 0 } });
  }

  private failRecording(what: 'take' | 'speech', message: string): void {
    this.options.onNotice(message);
    if (what === 'take') this.show({ recording: null, problem: message });
    else void this.enrolment.end();
  }

  /** A voice that has just been learnt is loaded where there is room. */
  private async onTrained(preset: string): Promise<void> {
    try {
      await this.showPresets();
      if (this.settings.speakers.length < MAXIMUM_SPEAKERS) await this.loadPreset(MAXIMUM_SPEAKERS - 1, preset);
    } catch (error) {
      this.options.onNotice(error instanceof Error ? error.message : String(error));
    }
  }
}

function defined<T extends object>(changes: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}

/** @throws InputError where the changed settings name another file */
function requireSameFiles(before: LiveSettings, settings: LiveSettings): void {
  for (const end of ['input', 'output', 'send'] as const) {
    const name = settings[end];
    if (name !== before[end] && (end === 'input' || (name !== null && !FILE_OUTPUTS.includes(name)))) {
      throw new InputError(`${end}: a file is chosen on the command line only`);
    }
  }
}

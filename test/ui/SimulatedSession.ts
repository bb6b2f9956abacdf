import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Observable, ReplaySubject, Subject } from 'rxjs';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { BACKEND_NAMES } from '../../host/audio/backend/AudioBackend.ts';
import { type PresetFolders, PresetLibrary, presetFolders } from '../../host/library/PresetLibrary.ts';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { EnrolmentState, LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import type { RecordingAccess } from '../../host/recording/RecordingAccess.ts';
import { RecordingController } from '../../host/recording/RecordingController.ts';
import { EngineSync } from '../../host/session/EngineSync.ts';
import type { LiveControl } from '../../host/session/LiveControl.ts';
import { defaultSettings, initialState, speakerStrips } from '../../host/session/liveSettings.ts';
import { PresetManager } from '../../host/session/PresetManager.ts';
import { SavedSettings } from '../../host/session/SavedSettings.ts';
import { SerialQueue } from '../../host/session/SerialQueue.ts';
import { SessionControl } from '../../host/session/SessionControl.ts';
import { SessionState } from '../../host/session/SessionState.ts';
import { SessionStore } from '../../host/session/SessionStore.ts';
import { SpeakerLoader } from '../../host/session/SpeakerLoader.ts';
import { TakeControl } from '../../host/session/TakeControl.ts';
import { TakeLibrary } from '../../host/session/TakeLibrary.ts';
import { VoiceSearch } from '../../host/voices/VoiceSearch.ts';
import { FakeRecordingWorker, importHere } from '../host/recording/FakeRecordingWorker.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { FakeVoiceFinder, trainFound } from '../host/voices/FakeVoiceFinder.ts';
import { SimulatedDevices } from './SimulatedDevices.ts';
import { SimulatedEnrolment } from './SimulatedEnrolment.ts';
import { simulatedStatus } from './simulatedState.ts';

const root = temporaryFolder();
let sessions = 0;

export interface SimulatedSessionOptions {
  /** Names of the presets that are loaded at the start. */
  readonly speakers: readonly string[];
  /** @default the bundled presets, and an empty folder for others */
  readonly folders?: PresetFolders;
  /** @default false */
  readonly isAdapting?: boolean;
  /** Works on recordings. @default one that imports in this thread, and whose other work the test answers */
  readonly startRecordingWorker?: () => FakeRecordingWorker;
}

/**
 * A live session without devices and without sound. It consists of the parts of `LiveSession`, files included; only the devices with the
 * engine, and the training of voices, are simulated. Status and telemetry are published by the test.
 */
export class SimulatedSession implements LiveControl {
  readonly state$: Observable<LiveState>;
  readonly status$ = new ReplaySubject<LiveStatus>(1);
  readonly telemetry$ = new Subject<Uint8Array>();
  /** Published by the test. */
  readonly mix$ = new Subject<Uint8Array>();
  readonly recordings: RecordingAccess;
  /** All accepted control messages, in order. */
  readonly messages: ControlMessage[] = [];
  readonly devices: SimulatedDevices;
  private readonly parts: { readonly state: SessionState; readonly changes: SerialQueue };
  private readonly presets: PresetManager;
  private readonly speakers: SpeakerLoader;
  private readonly engine: EngineSync;
  private readonly enrolment: SimulatedEnrolment;
  private readonly recording: RecordingController;
  private readonly voiceSearch: VoiceSearch;
  readonly takes: TakeLibrary;
  readonly takesFolder: string;
  private readonly handler: SessionControl;

  private constructor(
    library: PresetLibrary,
    store: SessionStore,
    initial: LiveState,
    folder: string,
    isAdapting: boolean,
    startWorker: () => FakeRecordingWorker,
  ) {
    const state = new SessionState(initial);
    const changes = new SerialQueue();
    this.parts = { state, changes };
    this.state$ = state.state$;
    this.presets = new PresetManager(library, state, () => {});
    this.enrolment = new SimulatedEnrolment((enrolment) => state.update({ enrolment }));
    this.devices = new SimulatedDevices(state, {
      onStarted: () => this.engine.sendAll(state.settings),
      onClosing: () => {
        void this.enrolment.interrupt();
        return take.lose();
      },
    });
    const take = new TakeControl(this.devices, state, join(folder, 'takes'));
    this.takesFolder = join(folder, 'takes');
    this.takes = new TakeLibrary({
      folder: this.takesFolder,
      onChange: (takes, deletedTakes) => state.update({ takes, deletedTakes }),
      openFolder: async () => {},
    });
    const onReady = () => void changes.run(() => this.speakers.load(state.settings));
    this.speakers = new SpeakerLoader(
      library,
      this.devices,
      state,
      isAdapting ? { onReady, onNotice: () => {} } : null,
    );
    this.engine = new EngineSync(this.devices, this.speakers, () => {});
    this.recording = new RecordingController({
      presets: { own: library.ownFolder, bundled: library.bundledFolder },
      onState: (openRecording) => state.update({ openRecording }),
      onNotice: () => {},
      startWorker,
    });
    this.recordings = this.recording.access;
    this.voiceSearch = new VoiceSearch({
      library,
      onState: (voiceSearch) => state.update({ voiceSearch }),
      followInput: () => {},
      loaded: () => state.settings.speakers.map(({ preset }) => preset),
      addFound: async (file) => {
        await changes.run(() => this.presets.hold(file));
        await this.handler.loadTrained(file.name);
      },
      load: (preset) => this.handler.loadTrained(preset),
      startFinder: () => new FakeVoiceFinder(),
      train: trainFound,
    });
    this.handler = new SessionControl({
      state,
      changes,
      presets: this.presets,
      saved: new SavedSettings(store, state),
      engine: this.engine,
      devices: this.devices,
      deviceList: { search: async () => {} },
      take,
      takes: this.takes,
      enrolment: this.enrolment,
      recordings: this.recording,
      voiceSearch: this.voiceSearch,
    });
    this.status$.next(simulatedStatus(0));
  }

  static async start({
    speakers,
    folders,
    isAdapting = false,
    startRecordingWorker = () => new FakeRecordingWorker(importHere),
  }: SimulatedSessionOptions): Promise<SimulatedSession> {
    const folder = join(root, String(++sessions));
    await mkdir(folder);
    const library = new PresetLibrary(folders ?? { bundled: presetFolders().bundled, own: join(folder, 'own') });
    const store = await SessionStore.read(join(folder, 'live.json'));
    const settings = defaultSettings({ speakers: speakerStrips(speakers) });
    const initial = initialState(settings, await library.list(), store.snapshotNames, BACKEND_NAMES);
    const session = new SimulatedSession(library, store, initial, folder, isAdapting, startRecordingWorker);
    session.devices.open();
    await session.engine.sendAll(settings);
    return session;
  }

  /** Starts a session with the bundled presets, of which these are loaded. */
  static bundled(speakers: readonly string[]): Promise<SimulatedSession> {
    return SimulatedSession.start({ speakers });
  }

  get state(): LiveState {
    return this.parts.state.current;
  }

  /** Accepted files of enrolments. */
  get files(): readonly { readonly name: string; readonly bytes: number }[] {
    return this.enrolment.files;
  }

  /** Simulates a change whose cause lies outside the session. */
  change(changes: Partial<LiveState>): void {
    this.parts.state.update(changes);
  }

  /** Plays two seconds of silence into the input. */
  hear(): void {
    this.voiceSearch.hear({ samples: new Float32Array(32_000), sampleRateHertz: 16_000 });
  }

  /** Simulates progress of the enrolment. */
  enrol(changes: Partial<EnrolmentState>): void {
    this.enrolment.change(changes);
  }

  async control(message: ControlMessage): Promise<void> {
    await this.handler.handle(message);
    this.messages.push(message);
  }

  addEnrolmentFile(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    return this.enrolment.addFile(name, content);
  }

  takeFile(take: string, file: string): string | null {
    return this.takes.filePath(take, file);
  }

  importPreset(text: string, isReplacing: boolean): Promise<string> {
    return this.parts.changes.run(() => this.presets.add(text, isReplacing));
  }

  exportPreset(name: PresetName): Promise<string> {
    return this.presets.read(name);
  }

  async close(): Promise<void> {
    this.speakers.stop();
    await this.recording.end();
    await this.voiceSearch.stop();
  }
}

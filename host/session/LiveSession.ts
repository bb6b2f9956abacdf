import { basename } from 'node:path';
import {
  distinctUntilChanged,
  filter,
  firstValueFrom,
  map,
  type Observable,
  Subscription,
  switchMap,
  take,
  timer,
} from 'rxjs';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { BACKEND_NAMES } from '../audio/backend/AudioBackend.ts';
import type { PresetFile, PresetLibrary } from '../library/PresetLibrary.ts';
import type { ControlMessage } from '../protocol/controlMessages.ts';
import type { LiveSettings, LiveState, LiveStatus } from '../protocol/LiveState.ts';
import type { VoiceStreamFormat } from '../protocol/voiceStreamFormat.ts';
import type { RecordingAccess } from '../recording/RecordingAccess.ts';
import { RecordingController } from '../recording/RecordingController.ts';
import { SYSTEM_CLOCK } from '../rpc/systemClock.ts';
import type { RecordingKind } from '../rpc/takeMessages.ts';
import { VoiceSearch } from '../voices/VoiceSearch.ts';
import { DeviceList } from './DeviceList.ts';
import { EngineSync } from './EngineSync.ts';
import { EnrolmentController } from './EnrolmentController.ts';
import { ListenControl } from './ListenControl.ts';
import type { LiveControl } from './LiveControl.ts';
import { listDevices } from './listDevices.ts';
import { initialState } from './liveSettings.ts';
import { PresetManager } from './PresetManager.ts';
import { SavedSettings } from './SavedSettings.ts';
import { SerialQueue } from './SerialQueue.ts';
import { SessionControl } from './SessionControl.ts';
import { SessionDevices } from './SessionDevices.ts';
import { SessionState } from './SessionState.ts';
import type { SessionStore } from './SessionStore.ts';
import { SpeakerLoader } from './SpeakerLoader.ts';
import { TakeControl } from './TakeControl.ts';
import { TakeLibrary } from './TakeLibrary.ts';
import { VoiceChannels } from './VoiceChannels.ts';

/** Time for the audio process to complete the files of a take that it had to break off. */
const COMPLETION_MILLISECONDS = 3000;
const FEEDBACK =
  'The output sounded like feedback from the loudspeaker into the microphone, so the master is muted. Use headphones or turn the faders down, then unmute.';

export interface LiveSessionOptions {
  readonly library: PresetLibrary;
  readonly store: SessionStore;
  readonly settings: LiveSettings;
  /** Whether the speakers last used with the input device are loaded if `settings` has none. */
  readonly isLastUsedLoaded: boolean;
  /** Whether speakers that are loaded together are adapted to each other. */
  readonly isAdapting: boolean;
  /** Whether sound of voices that are not loaded goes to the rest, beside two loaded voices or more. Only with `isAdapting`. @default false */
  readonly isUnknownRecognised?: boolean;
  /** Each take is recorded into a new folder inside this one. */
  readonly recordingFolder: string;
  /** A voice for another program, whose sound `sound$` reports. @default null: none */
  readonly stream?: VoiceStreamFormat | null;
  /** [channels] voice that each of the first channels of the input belongs to, null: nobody's. @default null: voices have no channels */
  readonly channelVoices?: readonly (PresetName | null)[] | null;
  /** Opens a folder in the file manager. @default the system's */
  readonly openFolder?: (path: string) => Promise<unknown>;
  /** @param text one line for the user */
  readonly onNotice: (text: string) => void;
}

/** A live session: settings, presets, recordings and enrolment in this process; devices and engine in the audio process. */
export class LiveSession implements LiveControl {
  readonly state$: Observable<LiveState>;
  readonly status$: Observable<LiveStatus>;
  readonly telemetry$: Observable<Uint8Array>;
  /** Raw PCM of the voice that `stream` names. Ends with an error if the stream has failed. */
  readonly sound$: Observable<Uint8Array>;
  readonly mix$: Observable<Uint8Array>;
  readonly recordings: RecordingAccess;

  private readonly onNotice: (text: string) => void;
  private readonly messages: SessionControl;
  private readonly state: SessionState;
  private readonly changes = new SerialQueue();
  private readonly devices: SessionDevices;
  private readonly deviceList: DeviceList;
  private readonly speakers: SpeakerLoader;
  private readonly engine: EngineSync;
  private readonly presets: PresetManager;
  private readonly take: TakeControl;
  private readonly takes: TakeLibrary;
  private readonly following = new Subscription();
  private readonly enrolment: EnrolmentController;
  private readonly recording: RecordingController;
  private readonly listening: ListenControl;
  private readonly voiceSearch: VoiceSearch;

  private constructor(options: LiveSessionOptions, initial: LiveState) {
    const { library, onNotice } = options;
    const state = new SessionState(initial);
    this.state$ = state.state$;
    this.onNotice = onNotice;
    this.state = state;
    this.presets = new PresetManager(library, state, onNotice);
    const channelVoices = options.channelVoices ?? null;
    const start = {
      stream: options.stream ?? null,
      voiceChannels: channelVoices?.map((voice) => voice !== null) ?? null,
    };
    this.devices = new SessionDevices(state, this.changes, start, {
      onStarted: async () => {
        this.listening.resume();
        this.voiceSearch.resume();
        await this.engine.sendAll(state.settings);
      },
      onClosing: () => this.endRecordings(),
      onStatus: ({ take, speech }) => {
        this.take.follow(take);
        if (speech !== null) this.enrolment.setSpeech(speech);
      },
      onRecordingFailed: (what, message) => this.failRecording(what, message),
      onFeedback: () => void this.muteFeedback(),
      onNotice,
    });
    const { link } = this.devices;
    this.listening = new ListenControl(link);
    this.mix$ = this.listening.mix$;
    this.speakers = new SpeakerLoader(
      library,
      link,
      state,
      options.isAdapting ? { onReady: () => void this.loadAdapted(), onNotice } : null,
      channelVoices === null ? null : new VoiceChannels(channelVoices),
      options.isUnknownRecognised,
    );
    this.engine = new EngineSync(link, this.speakers, onNotice);
    this.take = new TakeControl(link, state, options.recordingFolder);
    this.takes = new TakeLibrary({
      folder: options.recordingFolder,
      onChange: (takes, deletedTakes) => state.update({ takes, deletedTakes }),
      openFolder: options.openFolder ?? openFolder,
    });
    this.followTakes();
    this.enrolment = new EnrolmentController(link, {
      onState: (enrolment) => state.update({ enrolment }),
      addPreset: (text, evidence) => this.changes.run(() => this.presets.add(text, false, evidence)),
      onTrained: (preset) => void this.loadTrained(preset),
    });
    this.recording = new RecordingController({
      presets: { own: library.ownFolder, bundled: library.bundledFolder },
      onState: (openRecording) => state.update({ openRecording }),
      onNotice,
    });
    this.recordings = this.recording.access;
    this.voiceSearch = new VoiceSearch({
      library,
      onState: (voiceSearch) => state.update({ voiceSearch }),
      followInput: (isFollowed) => void link.request('followInput', { isFollowed }).catch(() => {}),
      loaded: () => state.settings.speakers.map(({ preset }) => preset),
      addFound: (file, isNew) => this.addFound(file, isNew),
      load: (preset) => this.messages.loadTrained(preset),
    });
    this.following.add(link.input.subscribe((sound) => this.voiceSearch.hear(sound)));
    this.deviceList = new DeviceList({
      state: () => state.current,
      onChange: (devices) => state.update({ devices }),
      list: listDevices,
      clock: SYSTEM_CLOCK,
    });
    this.messages = new SessionControl({
      state,
      changes: this.changes,
      presets: this.presets,
      saved: new SavedSettings(options.store, state),
      engine: this.engine,
      devices: this.devices,
      deviceList: this.deviceList,
      take: this.take,
      takes: this.takes,
      enrolment: this.enrolment,
      recordings: this.recording,
      voiceSearch: this.voiceSearch,
    });
    this.status$ = link.status;
    this.telemetry$ = link.telemetry;
    this.sound$ = link.sound;
  }

  /**
   * Opens the devices and loads the speakers.
   * @throws InputError if a speaker is unknown or the devices cannot be opened; then nothing is left running
   */
  static async start(options: LiveSessionOptions): Promise<LiveSession> {
    const { store, settings } = options;
    const session = new LiveSession(options, initialState(settings, [], store.snapshotNames, BACKEND_NAMES));
    try {
      // Presets and evidence are read while the audio process starts.
      const [source] = await Promise.all([
        session.speakers.read(settings),
        session.presets.show(),
        session.devices.link.open(),
      ]);
      await session.changes.run(() => session.engine.sendAll(session.state.settings, source));
    } catch (error) {
      await session.close();
      throw error;
    }
    if (options.isLastUsedLoaded && settings.speakers.length === 0) {
      await session.messages.loadLastUsed();
    }
    return session;
  }

  get current(): LiveState {
    return this.state.current;
  }

  control(message: ControlMessage): Promise<void> {
    return this.messages.handle(message);
  }

  /** Not queued as a change of settings, so a long upload does not delay a fader. */
  addEnrolmentFile(fileName: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    return this.enrolment.addFile(fileName, content);
  }

  importPreset(text: string, isReplacing: boolean): Promise<PresetName> {
    return this.changes.run(() => this.presets.add(text, isReplacing));
  }

  exportPreset(name: PresetName): Promise<string> {
    return this.presets.read(name);
  }

  takeFile(take: string, file: string): string | null {
    return this.takes.filePath(take, file);
  }

  /** Completes recordings and closes the devices. Never throws. */
  async close(): Promise<void> {
    this.following.unsubscribe();
    this.speakers.stop();
    this.deviceList.close();
    await this.enrolment.end().catch(() => {});
    await this.recording.end().catch(() => {});
    await this.voiceSearch.stop();
    await this.devices.close();
    await this.takes.close();
    this.state.update({ phase: 'stopped' });
    this.state.complete();
  }

  /** An error is ignored: without open devices the adapted speakers are loaded when devices are open again. */
  private loadAdapted(): Promise<void> {
    return this.changes.run(() => this.speakers.load(this.state.settings)).catch(() => {});
  }

  /** Loads a found preset, or in place of it the one that was learnt later of the same voice. */
  private async addFound(file: PresetFile, isNew: boolean): Promise<void> {
    await this.changes.run(() => this.presets.hold(file));
    if (isNew) await this.loadTrained(file.name);
    else await this.loadAdapted();
  }

  private async loadTrained(preset: PresetName): Promise<void> {
    try {
      await this.messages.loadTrained(preset);
    } catch (error) {
      this.onNotice(error instanceof Error ? error.message : String(error));
    }
  }

  /** Lists the takes at the start and when one has ended: at once, and again when its files are complete. */
  private followTakes(): void {
    const recording$ = this.state$.pipe(
      map(({ recording }) => (recording === null ? null : basename(recording.folder))),
      distinctUntilChanged(),
    );
    const twice = (name: string | null) =>
      timer(0, COMPLETION_MILLISECONDS).pipe(
        take(2),
        map(() => name),
      );
    this.following.add(recording$.pipe(switchMap(twice)).subscribe((name) => void this.takes.refresh(name)));
  }

  /** The output is silent already: the master shows it, and can be unmuted. */
  private async muteFeedback(): Promise<void> {
    this.onNotice(FEEDBACK);
    await this.messages.handle({ type: 'setMaster', isMuted: true }).catch(() => {});
    this.state.update({ problem: FEEDBACK });
    const isUnmuted = ({ settings }: LiveState) => !settings.master.isMuted;
    await firstValueFrom(this.state$.pipe(filter(isUnmuted)), { defaultValue: null });
    if (this.current.problem === FEEDBACK) this.state.update({ problem: null });
  }

  private endRecordings(): string | null {
    void this.enrolment.interrupt();
    const message = this.take.lose();
    if (message !== null) this.onNotice(message);
    return message;
  }

  private failRecording(what: RecordingKind, message: string): void {
    // The next listener, or the next engine, starts it again.
    if (what === 'mix' || what === 'input') return;
    if (what === 'stream') {
      this.devices.link.sound.error(new Error(`the sound for the other program has ended: ${message}`));
      return;
    }
    this.onNotice(message);
    if (what === 'take') this.take.fail(message);
    else void this.enrolment.interrupt();
  }
}

/** Loaded when needed. @throws Error if there is no file manager */
async function openFolder(path: string): Promise<void> {
  const { default: open } = await import('open');
  const opener = await open(path);
  await new Promise<void>((resolve, reject) => {
    opener.once('error', reject);
    opener.once('spawn', () => resolve());
  });
}

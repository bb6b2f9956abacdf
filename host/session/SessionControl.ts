import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import { DEMO_SPEAKERS } from '../files/demoFiles.ts';
import { type CheckedMessage, type ControlMessage, checkControlMessage } from '../protocol/controlMessages.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import type { RecordingController } from '../recording/RecordingController.ts';
import type { VoiceSearch } from '../voices/VoiceSearch.ts';
import type { DeviceList } from './DeviceList.ts';
import { isDemo } from './deviceSettings.ts';
import type { EngineSync } from './EngineSync.ts';
import type { EnrolmentController } from './EnrolmentController.ts';
import { speakerStrips } from './liveSettings.ts';
import { identified } from './loadedVoices.ts';
import type { PresetManager } from './PresetManager.ts';
import type { SavedSettings } from './SavedSettings.ts';
import type { SerialQueue } from './SerialQueue.ts';
import type { SessionDevices } from './SessionDevices.ts';
import type { SessionState } from './SessionState.ts';
import { reduceSession, type TaskMessage } from './sessionReducer.ts';
import type { TakeControl } from './TakeControl.ts';
import type { TakeLibrary } from './TakeLibrary.ts';

/** What a session consists of besides its rules. Tests replace the parts that need devices or train voices. */
export interface SessionParts {
  readonly state: SessionState;
  /** All changes of settings and files, those without a message included. */
  readonly changes: SerialQueue;
  readonly presets: PresetManager;
  readonly saved: SavedSettings;
  readonly engine: Pick<EngineSync, 'sendChanges'>;
  readonly devices: Pick<SessionDevices, 'switchTo'>;
  readonly deviceList: Pick<DeviceList, 'search'>;
  readonly take: Pick<TakeControl, 'start' | 'stop'>;
  readonly enrolment: Pick<EnrolmentController, 'start' | 'train' | 'end' | 'removeFile'>;
  readonly takes: Pick<TakeLibrary, 'rename' | 'delete' | 'restore' | 'show'>;
  readonly recordings: Pick<RecordingController, 'perform' | 'keptVoice'>;
  readonly voiceSearch: Pick<VoiceSearch, 'start' | 'stop' | 'kept'>;
}

/**
 * Carries out the control messages of a live session one at a time: `reduceSession` decides, the parts do the work, and new settings are
 * published and remembered only after the engine has accepted them.
 */
export class SessionControl {
  private readonly parts: SessionParts;

  constructor(parts: SessionParts) {
    this.parts = parts;
  }

  /** Resolves when the message has been carried out. @throws InputError with the reason if it is refused; then nothing has changed */
  async handle(message: ControlMessage): Promise<void> {
    const checked = checkControlMessage(message);
    const settings = await this.parts.changes.run(() => this.carryOut(checked));
    if (settings !== null) await this.openDevices(settings);
    if (checked.type === 'startDemo') await this.parts.changes.run(() => this.loadDemo());
  }

  /** Loads the speakers last used with the open input device, if there are any. @throws InputError if the engine refuses them */
  loadLastUsed(): Promise<void> {
    return this.parts.changes.run(() => this.applyLastUsed());
  }

  /** Loads a newly trained preset if a slot is free. @throws InputError if the engine refuses it */
  loadTrained(preset: PresetName): Promise<void> {
    return this.parts.changes.run(async () => {
      const slot = this.parts.state.settings.speakers.length;
      if (slot < MAXIMUM_SPEAKERS) await this.carryOut({ type: 'loadPreset', slot, preset });
    });
  }

  /** @returns settings whose devices are still to be opened; null: everything is done */
  private async carryOut(message: CheckedMessage): Promise<LiveSettings | null> {
    const { state, saved } = this.parts;
    const { current } = state;
    const { settings, effect } = reduceSession(
      current,
      message,
      (name) => saved.snapshot(name),
      () => state.newVoice(),
    );
    if (effect === null) return null;
    if (effect.type === 'openDevices') return settings;
    if (effect.type === 'applySettings') {
      await this.apply(settings);
      return null;
    }
    await this.perform(effect);
    if (settings !== current.settings) {
      state.update({ settings });
      if (effect.type === 'keepFoundVoice') await saved.remember();
    }
    return null;
  }

  /** Outside the queue of changes, so that faders continue to work while the devices open. */
  private async openDevices(settings: LiveSettings): Promise<void> {
    const { state, changes, devices, voiceSearch } = this.parts;
    const { inputName } = state.current;
    const wasDemo = isDemo(state.settings);
    // The demo's voices are known.
    if (isDemo(settings)) await voiceSearch.stop();
    await devices.switchTo(settings);
    await changes.run(async () => {
      if (wasDemo && !isDemo(state.settings)) await this.unloadDemo();
      // Loaded speakers stay; only an empty session gets those of its new input device.
      if (state.current.inputName !== inputName && state.settings.speakers.length === 0) await this.applyLastUsed();
    });
  }

  /** The demo's mixture is separated by its own voices only. */
  private async loadDemo(): Promise<void> {
    const { state } = this.parts;
    const { settings } = state;
    const strips = speakerStrips(DEMO_SPEAKERS);
    if (strips.every(({ preset }) => settings.speakers.some((each) => each.preset === preset))) return;
    await this.apply({ ...settings, speakers: identified(strips, settings.speakers, () => state.newVoice()) });
  }

  /** Nobody at the microphone has the voices of the demo; voices that the user has added stay. */
  private async unloadDemo(): Promise<void> {
    const { settings } = this.parts.state;
    const speakers = settings.speakers.filter(({ preset }) => !DEMO_SPEAKERS.some((name) => name === preset));
    if (speakers.length < settings.speakers.length) await this.apply({ ...settings, speakers });
  }

  private async perform(task: TaskMessage): Promise<void> {
    const { presets, saved, deviceList, take, takes, enrolment, recordings, voiceSearch } = this.parts;
    switch (task.type) {
      case 'startDemo':
        // The demo is playing already; its voices are loaded by `handle`.
        return;
      case 'refreshDevices':
        // Not awaited, so that other changes continue in the meantime.
        void deviceList.search();
        return;
      case 'renamePreset':
        return presets.rename(task.preset, task.name);
      case 'deletePreset':
        return presets.delete(task.preset);
      case 'restorePreset':
        return presets.restore(task.preset);
      case 'saveSnapshot':
        return saved.saveSnapshot(task.name);
      case 'deleteSnapshot':
        return saved.deleteSnapshot(task.name);
      case 'restoreSnapshot':
        return saved.restoreSnapshot(task.name);
      case 'renameTake':
        return takes.rename(task.take, task.name);
      case 'deleteTake':
        return takes.delete(task.take);
      case 'restoreTake':
        return takes.restore(task.take);
      case 'showTake':
        return takes.show(task.take);
      case 'removeEnrolmentFile':
        return enrolment.removeFile(task.name);
      case 'startRecording':
        return take.start();
      case 'stopRecording':
        return take.stop();
      case 'startEnrolment':
        // Before the earlier enrolment ends: a refused message changes nothing.
        await presets.requireFree(task.name);
        return enrolment.start(task.name, task.source);
      case 'trainEnrolment':
        return enrolment.train(task.isClean ?? false);
      case 'cancelEnrolment':
        return enrolment.end();
      case 'startVoiceSearch':
        return voiceSearch.start(task.voices);
      case 'stopVoiceSearch':
        return voiceSearch.stop();
      case 'keepFoundVoice': {
        const name = task.name ?? task.preset;
        await presets.keep(task.preset, name);
        voiceSearch.kept(task.preset, name);
        return;
      }
      case 'findVoices':
      case 'editRecording':
      case 'undoRecording':
      case 'redoRecording':
      case 'separateRecording':
      case 'cancelRecording':
      case 'closeRecording':
        return recordings.perform(task);
      case 'keepVoice': {
        const { text, evidence } = recordings.keptVoice(task.voice, task.name ?? null);
        await presets.add(text, false, evidence);
        return;
      }
      default:
        throw new TypeError(`"${task satisfies never}" is not a control message`);
    }
  }

  private async apply(settings: LiveSettings): Promise<void> {
    const { state, engine, saved } = this.parts;
    await engine.sendChanges(state.settings, settings);
    state.update({ settings });
    await saved.remember();
  }

  private async applyLastUsed(): Promise<void> {
    const settings = this.parts.saved.lastUsed();
    if (settings !== null) await this.apply(settings);
  }
}

import { InputError } from '../../engine/core/errors.ts';
import type { BackendName } from '../audio/backend/AudioBackend.ts';
import type { LiveSettings } from '../protocol/LiveState.ts';
import { VIRTUAL_MICROPHONE } from '../protocol/virtualMicrophone.ts';
import type { VoiceStreamFormat } from '../protocol/voiceStreamFormat.ts';
import type { AudioStatus, OpenedAudio } from '../rpc/audioMessages.ts';
import type { RecordingKind } from '../rpc/takeMessages.ts';
import { AudioLink } from './AudioLink.ts';
import type { AudioProcess } from './AudioProcess.ts';
import { type DeviceSettings, deviceSettingsOf } from './deviceSettings.ts';
import { noSoundError } from './noSoundError.ts';
import type { SerialQueue } from './SerialQueue.ts';
import type { SessionState } from './SessionState.ts';
import { VirtualMicrophone } from './VirtualMicrophone.ts';

export interface SessionDevicesListener {
  /** Devices have been opened by a new audio process: sends it all settings. @throws InputError if it refuses them */
  onStarted(): Promise<void>;
  /** Recordings end with the devices. @returns a message for the user; null if nothing was being recorded */
  onClosing(): string | null;
  onStatus(status: AudioStatus): void;
  onRecordingFailed(what: RecordingKind, message: string): void;
  /** Feedback has been found, and the output is silent until the master is muted and unmuted. */
  onFeedback(): void;
  onNotice(text: string): void;
}

/** The devices of a session: opens those of the settings, switches to others, and recovers lost ones. */
export class SessionDevices {
  readonly link: AudioLink;
  private readonly state: SessionState;
  private readonly changes: SerialQueue;
  private readonly listener: SessionDevicesListener;
  private readonly stream: VoiceStreamFormat | null;
  private readonly voiceChannels: readonly boolean[] | null;
  private readonly virtualMicrophone = new VirtualMicrophone();
  /** The devices that could be used last. */
  private usable: DeviceSettings;
  /** Number of calls of `switchTo`: the latest one decides. */
  private switches = 0;

  /** @param start a voice for another program, null: none; and whose channels the input has, as in `DeviceRequest` */
  constructor(
    state: SessionState,
    changes: SerialQueue,
    start: { readonly stream: VoiceStreamFormat | null; readonly voiceChannels: readonly boolean[] | null },
    listener: SessionDevicesListener,
  ) {
    this.stream = start.stream;
    this.voiceChannels = start.voiceChannels;
    this.state = state;
    this.changes = changes;
    this.listener = listener;
    this.usable = deviceSettingsOf(state.settings);
    this.link = new AudioLink({
      onOpening: (audio) => this.requestOpen(audio),
      onOpened: (opened) => this.showOpened(opened),
      onBack: () => this.resume(),
      onWaiting: (problem) => this.wait(problem),
      onStatus: (status) => listener.onStatus(status),
      onNotice: (text) => listener.onNotice(text),
      onInputChosen: (remark) => this.showInputChosen(remark),
      onRecordingFailed: (what, message) => listener.onRecordingFailed(what, message),
      onFeedback: () => listener.onFeedback(),
      noSoundError: () => noSoundError(state.settings),
    });
  }

  /**
   * Opens the devices of these settings; the other settings stay as they are. If the devices cannot be opened, or the speakers cannot be
   * loaded at their sample rate, those that could be used before are opened again. Must not run in the queue of changes: a driver may take
   * seconds, in which faders continue to work.
   * @throws the reason why they cannot be used; CallError of kind 'aborted' if it is called again in the meantime
   */
  async switchTo(settings: LiveSettings): Promise<void> {
    const { state, link, changes, listener, voiceChannels } = this;
    if (voiceChannels !== null && settings.inputChannel !== state.settings.inputChannel) {
      throw new InputError(
        `inputChannel: each voice has a channel of the input (--per-channel), got ${JSON.stringify(settings.inputChannel)}; start a session without`,
      );
    }
    const wanted = deviceSettingsOf(settings);
    const number = ++this.switches;
    state.update({ settings: { ...state.settings, ...wanted } });
    const message = listener.onClosing();
    try {
      await link.open();
      await changes.run(() => listener.onStarted());
    } catch (error) {
      if (number !== this.switches) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      state.update({ settings: { ...state.settings, ...this.usable }, problem });
      await link.release();
      link.retry();
      throw error;
    }
    this.usable = wanted;
    if (message !== null) state.update({ problem: message });
  }

  /** Closes the devices, and removes what was made for them. Never throws. */
  async close(): Promise<void> {
    await this.link.close();
    await this.virtualMicrophone.close();
  }

  private async requestOpen(audio: AudioProcess): Promise<OpenedAudio> {
    const { state, stream, voiceChannels, virtualMicrophone } = this;
    const { settings } = state;
    if (isVirtualMicrophoneChosen(settings)) await virtualMicrophone.make();
    else if (settings.backend !== 'file') void virtualMicrophone.remove();
    const request = { ...settings, backend: settings.backend as BackendName | null, voiceChannels };
    return audio.request('open', { request, mix: settings, parameters: settings.parameters, stream });
  }

  private showOpened({ notice, ...opened }: OpenedAudio): void {
    if (notice !== null) this.listener.onNotice(notice);
    this.state.update({ ...opened, inputChoice: null, phase: 'running', problem: null });
  }

  private showInputChosen(remark: string): void {
    this.state.update({ inputChoice: remark });
    this.listener.onNotice(remark);
  }

  /** If the speakers can no longer be loaded, the input passes through, which is better than silence. */
  private resume(): Promise<void> {
    return this.changes
      .run(() => this.listener.onStarted())
      .catch((error: Error) => {
        if (!this.link.isOpen) return;
        this.listener.onNotice(error.message);
        this.state.update({ problem: error.message });
      });
  }

  private wait(problem: string): void {
    this.listener.onClosing();
    this.state.update({ phase: 'waiting', problem });
  }
}

function isVirtualMicrophoneChosen({ backend, output, send }: DeviceSettings): boolean {
  return backend !== 'file' && [output, send].includes(VIRTUAL_MICROPHONE);
}

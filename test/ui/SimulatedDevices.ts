import type { BackendName } from '../../host/audio/backend/AudioBackend.ts';
import { AudioError } from '../../host/audio/backend/AudioError.ts';
import type { LiveSettings } from '../../host/protocol/LiveState.ts';
import type { AudioRequestName, AudioRequests } from '../../host/rpc/audioMessages.ts';
import type { AudioLink } from '../../host/session/AudioLink.ts';
import type { SessionDevices, SessionDevicesListener } from '../../host/session/SessionDevices.ts';
import type { SessionState } from '../../host/session/SessionState.ts';
import { openSimulated, SIMULATED_DEVICES } from '../host/session/simulatedDevices.ts';
import { simulatedSimilarity } from './simulatedState.ts';

/** Stands in for the devices and the audio process: accepts every request at once, and makes no sound. */
export class SimulatedDevices implements Pick<AudioLink, 'isOpen' | 'request'>, Pick<SessionDevices, 'switchTo'> {
  isOpen = false;
  /** Called before speakers are loaded; may delay it. */
  beforeSpeakers: () => Promise<void> = async () => {};
  private readonly state: SessionState;
  private readonly listener: Pick<SessionDevicesListener, 'onStarted' | 'onClosing'>;

  constructor(state: SessionState, listener: Pick<SessionDevicesListener, 'onStarted' | 'onClosing'>) {
    this.state = state;
    this.listener = listener;
  }

  async request<Name extends AudioRequestName>(
    name: Name,
    argument: AudioRequests[Name]['argument'],
  ): Promise<AudioRequests[Name]['answer']> {
    if (!this.isOpen) throw new AudioError('gone', 'no device is open now', 'wait until it is back, or choose another');
    if (name !== 'speakerSet') return null as AudioRequests[Name]['answer'];
    await this.beforeSpeakers();
    const { presets } = argument as AudioRequests['speakerSet']['argument'];
    const answer: AudioRequests['speakerSet']['answer'] = {
      windowSamples: 1024,
      hopSamples: 128,
      similarity: simulatedSimilarity(presets.length),
    };
    return answer as AudioRequests[Name]['answer'];
  }

  /** Opens the devices of the settings, at first. */
  open(): void {
    const { settings } = this.state;
    const request = { ...settings, backend: settings.backend as BackendName | null, voiceChannels: null };
    const { notice: _, ...opened } = openSimulated(SIMULATED_DEVICES, request);
    this.isOpen = true;
    this.state.update({ ...opened, phase: 'running', problem: null });
  }

  async switchTo(settings: LiveSettings): Promise<void> {
    const before = this.state.settings;
    this.state.update({ settings });
    const message = this.listener.onClosing();
    try {
      this.open();
      await this.listener.onStarted();
    } catch (error) {
      this.state.update({ settings: before });
      this.open();
      await this.listener.onStarted();
      throw error;
    }
    if (message !== null) this.state.update({ problem: message });
  }

  /** Simulates devices that are unplugged. */
  lose(): void {
    this.isOpen = false;
    this.listener.onClosing();
    this.state.update({ phase: 'waiting', problem: 'the device is gone' });
  }
}
